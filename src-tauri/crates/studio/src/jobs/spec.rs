//! `job.json`: everything a worker has to know, frozen when the job is started.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::resources::Prompt;

/// The version of the run folder's contract. A worker refuses any other.
pub(crate) const VERSION: u32 = 1;
/// The seed of every choice by chance.
pub(crate) const SEED: u32 = 42;

/// A frozen job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spec {
    pub(crate) version: u32,
    /// The run's id: that of the fine-tuning job, or of the group of evaluation jobs.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) dataset: DatasetSpec,
    pub(crate) prompt: Option<PromptSpec>,
    pub(crate) seed: u32,
    pub(crate) tracking: Tracking,
    /// Which rows are used; the worker does not look at it.
    pub(crate) selection: SelectionSpec,
    /// How many rows were prepared; none before that.
    pub(crate) rows: Option<RowCounts>,
    #[serde(flatten)]
    pub(crate) task: Task,
}

/// What is done with the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Task {
    /// An adapter is trained.
    Training(Box<TrainingSpec>),
    /// Models and adapters are measured.
    Evaluation(EvaluationSpec),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrainingSpec {
    pub(crate) framework: Framework,
    pub(crate) model: Source,
    pub(crate) training_arguments: Map<String, Value>,
    pub(crate) lora: Map<String, Value>,
    pub(crate) quantization: Option<Map<String, Value>>,
    pub(crate) output: TrainingOutput,
    pub(crate) adapter: AdapterSpec,
    /// The text of the axolotl configuration.
    pub(crate) axolotl: Option<String>,
    pub(crate) script: Option<ScriptSpec>,
}

/// What runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Framework {
    /// transformers, PEFT and TRL.
    Legacy,
    Axolotl,
    /// A script of the person's own.
    Script,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct EvaluationSpec {
    pub(crate) combinations: Vec<Combination>,
    pub(crate) generation: Map<String, Value>,
    /// How many rows are answered at once.
    pub(crate) batch_size: u32,
}

/// A model, with or without an adapter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Combination {
    /// The evaluation job.
    pub(crate) job: String,
    pub(crate) model: Source,
    pub(crate) adapter: Option<Source>,
    pub(crate) quantization: Option<Map<String, Value>>,
    /// The folder of its results.
    pub(crate) folder: String,
}

/// A model or an adapter, and where it is loaded from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Source {
    pub(crate) id: String,
    pub(crate) name: String,
    /// A folder, or a name on the hub.
    pub(crate) source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DatasetSpec {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The file or folder.
    pub(crate) path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PromptSpec {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) input_template: Option<String>,
    pub(crate) completion_template: Option<String>,
    /// Used only where the other two are missing.
    pub(crate) training_template: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TrainingOutput {
    /// The folder of the adapter.
    pub(crate) adapter: String,
    /// The folder of the checkpoints.
    pub(crate) checkpoints: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AdapterSpec {
    pub(crate) name: String,
    /// Whether the studio adds it to its adapters.
    pub(crate) register: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScriptSpec {
    pub(crate) path: String,
    /// The text of its configuration.
    pub(crate) config: Option<String>,
}

/// Where measurements are logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tracking {
    /// The MLflow tracking URI.
    pub(crate) uri: String,
    pub(crate) experiment: String,
}

/// Which rows of the dataset are used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SelectionSpec {
    pub(crate) dataset_fraction: f64,
    pub(crate) train_test_split: f64,
    /// The part of the held-back rows that is evaluated on; none when training.
    pub(crate) sample: Option<f64>,
    /// Columns that an evaluation shows beside the answers.
    pub(crate) features: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RowCounts {
    pub(crate) train: u64,
    pub(crate) eval: u64,
}

impl PromptSpec {
    /// That of a prompt's row.
    pub(crate) fn of(prompt: &Prompt) -> Self {
        Self {
            id: prompt.id.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
            name: prompt.name.clone().unwrap_or_default(),
            input_template: prompt.input_template.clone(),
            completion_template: prompt.completion_template.clone(),
            training_template: prompt.prompt_template.clone(),
        }
    }

    /// The templates that rows are filled into.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &str> {
        let two = self.input_template.as_deref().zip(self.completion_template.as_deref());
        let one = self.training_template.as_deref().filter(|_| two.is_none());
        two.into_iter().flat_map(|(input, completion)| [input, completion]).chain(one)
    }
}
