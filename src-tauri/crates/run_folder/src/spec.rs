//! `job.json`: everything a worker needs, frozen when the job is started. `worker/README.md`
//! describes the same fields for the worker's side.

use datasets::ReadOptions;
use prompts::chat::{Ratings, TemplateSource};
use python::EnvironmentKind;
use resources::{Method, Prompt, RowFormat, TrainOn, TrainingChoices, Tuning};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use crate::source::Source;

/// The version of the run folder's contract. A worker refuses any other.
pub const VERSION: u32 = 1;

/// A frozen job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Spec {
    /// The version of the run folder's contract, [`VERSION`].
    pub version: u32,
    /// The run's id: that of the fine-tuning job, or of the group of evaluation jobs.
    pub id: String,
    /// What lists call the run.
    pub name: String,
    /// Where the rows come from.
    pub dataset: DatasetSpec,
    /// How a row becomes a text; none for a script or for axolotl without a prompt.
    pub prompt: Option<PromptSpec>,
    /// The seed of every random choice: shuffling, initial adapter weights, sampled answers.
    pub seed: u32,
    /// Where measurements are logged.
    pub tracking: Tracking,
    /// Which rows are used. The rows are selected before the worker starts, which ignores this.
    pub selection: SelectionSpec,
    /// How many rows were written to `train.jsonl` and `eval.jsonl`; none before that.
    pub rows: Option<RowCounts>,
    /// How a row is read. None for what the prompt says, and in jobs from before there was a choice.
    #[serde(default)]
    pub row_format: Option<RowFormat>,
    /// How conversations become texts; none where rows are not rendered by a chat template.
    #[serde(default)]
    pub chat: Option<ChatSpec>,
    /// What says whether answers are good; none where rows are pairs of them, or of another format.
    #[serde(default)]
    pub ratings: Option<Ratings>,
    /// What is done with the rows.
    #[serde(flatten)]
    pub task: Task,
}

/// What is done with the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// An adapter is trained.
    Training(Box<TrainingSpec>),
    /// Models and adapters are evaluated.
    Evaluation(EvaluationSpec),
}

/// A training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TrainingSpec {
    /// What trains.
    pub framework: Framework,
    /// How it trains.
    #[serde(default)]
    pub method: Method,
    /// Which weights change.
    #[serde(default)]
    pub tuning: Tuning,
    /// The adapter whose training goes on; none for a new one.
    #[serde(default)]
    pub adapter_init: Option<Source>,
    /// How many evaluations without a lower loss end the training; none for no such end.
    #[serde(default)]
    pub early_stopping_patience: Option<u32>,
    /// How many processes train together, a device each.
    #[serde(default = "one")]
    pub processes: u32,
    /// The nodes of a cluster among which the processes are divided; 1 on a machine.
    #[serde(default = "one")]
    pub nodes: u32,
    /// The indexes of the CUDA devices that may be used; empty for the worker's choice.
    #[serde(default)]
    pub devices: Vec<u32>,
    /// The base model.
    pub model: Source,
    /// The training arguments of transformers and TRL.
    pub training_arguments: Map<String, Value>,
    /// The LoRA settings of PEFT.
    pub lora: Map<String, Value>,
    /// The quantization of the base model by bitsandbytes; none for its own precision.
    pub quantization: Option<Map<String, Value>>,
    /// Where the results are written.
    pub output: TrainingOutput,
    /// The adapter that is trained.
    pub adapter: AdapterSpec,
    /// The axolotl configuration as YAML, if axolotl trains.
    pub axolotl: Option<String>,
    /// The user's own script, if one trains.
    pub script: Option<ScriptSpec>,
}

/// The number of processes, and of nodes, of jobs from before there was a choice.
fn one() -> u32 {
    1
}

/// What trains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Framework {
    /// transformers, PEFT and TRL.
    Legacy,
    /// axolotl.
    Axolotl,
    /// A script of the user's own.
    Script,
}

impl Framework {
    /// The environment that it trains in.
    pub const fn environment(self) -> EnvironmentKind {
        match self {
            Self::Axolotl => EnvironmentKind::Axolotl,
            Self::Legacy | Self::Script => EnvironmentKind::Training,
        }
    }
}

/// An evaluation of one or more combinations of a model and an adapter on the same rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EvaluationSpec {
    /// What is evaluated, in this order.
    pub combinations: Vec<CombinationSpec>,
    /// The generation settings of transformers.
    pub generation: Map<String, Value>,
    /// How many rows are answered at once.
    pub batch_size: u32,
}

/// A model, with or without an adapter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct CombinationSpec {
    /// The id of the evaluation job.
    pub job: String,
    /// The model.
    pub model: Source,
    /// The adapter; none for the model alone.
    pub adapter: Option<Source>,
    /// The quantization of the model by bitsandbytes; none for its own precision.
    pub quantization: Option<Map<String, Value>>,
    /// The folder of its results.
    pub folder: String,
    /// The chat template that its rows are rendered by: the one it was trained with, else the model's. None for
    /// plain texts.
    #[serde(default)]
    pub chat: Option<ChatSpec>,
    /// The file of the run folder with its rows, where its template is not that of the first combination.
    #[serde(default)]
    pub rows: Option<String>,
    /// The model from which the whole of this one was trained. Its preferences are measured from those.
    #[serde(default)]
    pub reference: Option<Source>,
    /// Whether it is a reward model, which gives scores and writes no answers.
    #[serde(default)]
    pub scores: bool,
    /// The beta that it was trained with by DPO or KTO, the scale of its rewards.
    #[serde(default)]
    pub beta: Option<f64>,
}

/// The dataset of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct DatasetSpec {
    /// The id of its row.
    pub id: String,
    /// The label of its row when the job was started.
    pub name: String,
    /// The file or folder with its rows.
    pub path: String,
    /// What was chosen about how it is read.
    #[serde(default)]
    pub options: ReadOptions,
}

/// The prompt of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PromptSpec {
    /// The id of its row.
    pub id: String,
    /// Its name when the job was started.
    pub name: String,
    /// The template of what the model reads.
    pub input_template: Option<String>,
    /// The template of what the model answers.
    pub completion_template: Option<String>,
    /// The template of the whole text. Used only where one of the other two is missing.
    pub training_template: Option<String>,
}

/// Where a training writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TrainingOutput {
    /// The folder of the adapter.
    pub adapter: String,
    /// The folder of the finished model, which is written instead where the whole model is trained.
    #[serde(default)]
    pub model: Option<String>,
    /// The folder of the checkpoints.
    pub checkpoints: String,
}

/// How the conversations of a training become texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ChatSpec {
    /// The chat template, with the clock that it is rendered with.
    pub template: TemplateSource,
    /// Where the texts carry loss; none where the method alone decides.
    pub train_on: Option<TrainOn>,
    /// What is put in front of conversations that begin without a system prompt.
    pub system_prompt: Option<String>,
}

/// The adapter of a training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct AdapterSpec {
    /// What it is called.
    pub name: String,
    /// Whether a row of the adapters is made for it when the run succeeds.
    pub register: bool,
}

/// A training script of the user's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ScriptSpec {
    /// The file.
    pub path: String,
    /// The text of its configuration.
    pub config: Option<String>,
}

/// Where measurements are logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Tracking {
    /// The MLflow tracking URI, without credentials.
    pub uri: String,
    /// The name of the MLflow experiment.
    pub experiment: String,
}

/// Which rows of the dataset are used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SelectionSpec {
    /// The part of the rows that is used at all, above 0 and at most 1.
    pub dataset_fraction: f64,
    /// The part of those that is trained on, above 0 and at most 1; the rest is held back.
    pub train_test_split: f64,
    /// The part of the held-back rows that is evaluated on; none for a training.
    pub sample: Option<f64>,
    /// Columns of the dataset that the results of an evaluation show beside the answers.
    pub features: Vec<String>,
}

/// How many rows a run has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RowCounts {
    /// Rows of `train.jsonl`; 0 for an evaluation.
    pub train: u64,
    /// Rows of `eval.jsonl`.
    pub eval: u64,
    /// Rows of the dataset that are in neither, because they can't be rendered.
    #[serde(default)]
    pub left_out: u64,
}

impl Spec {
    /// The chat template of each file of rows to evaluate on, after the first, which is the run's own.
    pub fn further_rows(&self) -> Vec<(&str, Option<&ChatSpec>)> {
        let Task::Evaluation(evaluation) = &self.task else { return Vec::new() };
        let mut files: Vec<(&str, Option<&ChatSpec>)> = Vec::new();
        for combination in &evaluation.combinations {
            let Some(name) = combination.rows.as_deref() else { continue };
            if files.iter().all(|(known, _)| *known != name) {
                files.push((name, combination.chat.as_ref()));
            }
        }
        files
    }

    /// The environment that the run is carried out in.
    pub const fn environment(&self) -> EnvironmentKind {
        match &self.task {
            Task::Training(training) => training.framework.environment(),
            Task::Evaluation(_) => EnvironmentKind::Training,
        }
    }

    /// What a training is beyond the columns of its job; nothing where those say it all.
    pub fn choices(&self) -> TrainingChoices {
        let Task::Training(training) = &self.task else { return TrainingChoices::default() };
        let all_in_columns = training.method == Method::Sft
            && training.tuning == Tuning::Lora
            && training.adapter_init.is_none()
            && training.early_stopping_patience.is_none()
            && (self.prompt.is_some() || self.row_format.is_none());
        if training.framework != Framework::Legacy || all_in_columns {
            return TrainingChoices::default();
        }
        let chat = self.chat.as_ref();
        let template = chat.map(|chat| chat.template.name.clone());
        TrainingChoices {
            method: Some(training.method),
            row_format: self.row_format,
            // The model's own is what is used where none is chosen.
            rating_column: self.ratings.as_ref().map(|ratings| ratings.column.clone()),
            rating_threshold: self.ratings.as_ref().and_then(|ratings| ratings.threshold),
            chat_template: template.filter(|name| name != ChatSpec::OWN_TEMPLATE),
            system_prompt: chat.and_then(|chat| chat.system_prompt.clone()),
            train_on: chat.and_then(|chat| chat.train_on),
            adapter_init: training.adapter_init.as_ref().map(|adapter| adapter.id.clone()),
            tuning: Some(training.tuning),
            early_stopping_patience: training.early_stopping_patience,
        }
    }
}

impl ChatSpec {
    /// The name of the model's own template.
    pub const OWN_TEMPLATE: &str = "model";

    /// Whether all conversations become the same texts with both.
    pub fn renders_as(&self, other: &Self) -> bool {
        let texts = |chat: &Self| (chat.template.text.clone(), chat.template.special_tokens.clone());
        let is_dated = self.template.text.contains("strftime_now");
        texts(self) == texts(other)
            && self.system_prompt == other.system_prompt
            && (!is_dated || self.template.now == other.template.now)
    }
}

impl PromptSpec {
    /// The templates of a prompt's row.
    pub fn from_prompt(prompt: &Prompt) -> Self {
        Self {
            id: prompt.id.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
            name: prompt.name.clone().unwrap_or_default(),
            input_template: prompt.input_template.clone(),
            completion_template: prompt.completion_template.clone(),
            training_template: prompt.prompt_template.clone(),
        }
    }

    /// Whether what the model reads is apart from what it answers.
    pub fn is_split(&self) -> bool {
        self.input_template.is_some() && self.completion_template.is_some()
    }

    /// The templates that rows are filled into.
    pub fn templates(&self) -> impl Iterator<Item = &str> {
        let two = self.input_template.as_deref().zip(self.completion_template.as_deref());
        let one = self.training_template.as_deref().filter(|_| two.is_none());
        two.into_iter().flat_map(|(input, completion)| [input, completion]).chain(one)
    }
}
