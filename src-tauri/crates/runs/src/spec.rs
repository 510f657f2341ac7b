//! `job.json`: everything a worker has to know, frozen when the job is started.

use resources::Prompt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version of the run folder's contract. A worker refuses any other.
pub const VERSION: u32 = 1;
/// The seed of every choice by chance.
pub const SEED: u32 = 42;

/// A frozen job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    pub version: u32,
    /// The run's id: that of the fine-tuning job, or of the group of evaluation jobs.
    pub id: String,
    pub name: String,
    pub dataset: DatasetSpec,
    pub prompt: Option<PromptSpec>,
    pub seed: u32,
    pub tracking: Tracking,
    /// Which rows are used; the worker does not look at it.
    pub selection: SelectionSpec,
    /// How many rows were prepared; none before that.
    pub rows: Option<RowCounts>,
    #[serde(flatten)]
    pub task: Task,
}

/// What is done with the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// An adapter is trained.
    Training(Box<TrainingSpec>),
    /// Models and adapters are measured.
    Evaluation(EvaluationSpec),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingSpec {
    pub framework: Framework,
    pub model: Source,
    pub training_arguments: Map<String, Value>,
    pub lora: Map<String, Value>,
    pub quantization: Option<Map<String, Value>>,
    pub output: TrainingOutput,
    pub adapter: AdapterSpec,
    /// The text of the axolotl configuration.
    pub axolotl: Option<String>,
    pub script: Option<ScriptSpec>,
}

/// What runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Framework {
    /// transformers, PEFT and TRL.
    Legacy,
    Axolotl,
    /// A script of the person's own.
    Script,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvaluationSpec {
    pub combinations: Vec<Combination>,
    pub generation: Map<String, Value>,
    /// How many rows are answered at once.
    pub batch_size: u32,
}

/// A model, with or without an adapter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Combination {
    /// The evaluation job.
    pub job: String,
    pub model: Source,
    pub adapter: Option<Source>,
    pub quantization: Option<Map<String, Value>>,
    /// The folder of its results.
    pub folder: String,
}

/// A model or an adapter, and where it is loaded from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub id: String,
    pub name: String,
    /// A folder, or a name on the hub.
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetSpec {
    pub id: String,
    pub name: String,
    /// The file or folder.
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptSpec {
    pub id: String,
    pub name: String,
    pub input_template: Option<String>,
    pub completion_template: Option<String>,
    /// Used only where the other two are missing.
    pub training_template: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingOutput {
    /// The folder of the adapter.
    pub adapter: String,
    /// The folder of the checkpoints.
    pub checkpoints: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdapterSpec {
    pub name: String,
    /// Whether the studio adds it to its adapters.
    pub register: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptSpec {
    pub path: String,
    /// The text of its configuration.
    pub config: Option<String>,
}

/// Where measurements are logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracking {
    /// The MLflow tracking URI.
    pub uri: String,
    pub experiment: String,
}

/// Which rows of the dataset are used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectionSpec {
    pub dataset_fraction: f64,
    pub train_test_split: f64,
    /// The part of the held-back rows that is evaluated on; none when training.
    pub sample: Option<f64>,
    /// Columns that an evaluation shows beside the answers.
    pub features: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    pub train: u64,
    pub eval: u64,
}

impl PromptSpec {
    /// That of a prompt's row.
    pub fn of(prompt: &Prompt) -> Self {
        Self {
            id: prompt.id.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
            name: prompt.name.clone().unwrap_or_default(),
            input_template: prompt.input_template.clone(),
            completion_template: prompt.completion_template.clone(),
            training_template: prompt.prompt_template.clone(),
        }
    }

    /// The templates that rows are filled into.
    pub fn templates(&self) -> impl Iterator<Item = &str> {
        let two = self.input_template.as_deref().zip(self.completion_template.as_deref());
        let one = self.training_template.as_deref().filter(|_| two.is_none());
        two.into_iter().flat_map(|(input, completion)| [input, completion]).chain(one)
    }
}
