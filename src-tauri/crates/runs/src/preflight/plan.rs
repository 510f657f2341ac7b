//! What a preflight results in.

use hub::{CachedKind, DatasetPart};
use python::Accelerator;
use resources::{Method, RowFormat, TrainOn, Tuning};
use schema::{FieldProblem, Row, TableName};
use serde::Serialize;
use transfers::TransferRequest;

use super::inputs::Inputs;
use estimate::Estimate;
use run_folder::spec::Spec;

/// What starting a training would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TrainingPlan {
    /// Why it can't start, by the column of the job; `python` where the environment is at fault.
    pub problems: Vec<FieldProblem>,
    /// What the user should know before it starts, likewise.
    pub warnings: Vec<FieldProblem>,
    /// What is trained and how: as chosen, else as it follows from the dataset and the model.
    pub choices: PlannedChoices,
    /// The learning rate of the method where none is given; none where that is the default of the job's column.
    pub learning_rate: Option<f64>,
    /// How the rows are divided; none until the dataset is chosen and can be read.
    pub rows: Option<PlannedRows>,
    /// How often the weights are updated; none where that is not known before.
    pub steps: Option<u64>,
    /// What of the model is trained; none where its layers are not known.
    pub modules: Option<PlannedModules>,
    /// The first of `fetches`.
    pub fetch: Option<PlannedFetch>,
    /// What has to be fetched first: model, adapter and dataset.
    pub fetches: Vec<PlannedFetch>,
    /// What it takes; none where the model's files are not here or say too little.
    pub estimate: Option<Estimate>,
    /// The name of the device that computes.
    pub device: String,
    /// How many processes train together, a device each.
    pub processes: u32,
    /// The nodes of a cluster that they are divided among; 1 elsewhere.
    pub nodes: u32,
    /// The most processes that the place of the run could train in.
    pub most_processes: u32,
    /// The indexes of the CUDA devices that train; empty where the first one does, and without CUDA.
    pub devices: Vec<u32>,
    /// The CUDA devices of the place of the run, by index, as far as they are known.
    pub gpus: Vec<PlannedGpu>,
    /// How many rows an update of the weights takes, of all processes together.
    pub rows_a_step: u64,
    /// Whether that device can quantize a model.
    pub quantizes: bool,
    /// The memory of the GPU that trains, else of the machine, in bytes.
    pub memory_bytes: Option<u64>,
    /// The free space of the disk that it writes to, in bytes.
    pub free_bytes: Option<u64>,
    /// The training arguments as the worker gets them, as JSON.
    pub training_arguments: String,
    /// The LoRA settings as the worker gets them, as JSON.
    pub lora: String,
}

/// The choices of a training, with what is not chosen filled in.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PlannedChoices {
    /// How the model is trained.
    pub method: Method,
    /// How rows are read; none until the dataset is chosen and can be read, and for scripts and axolotl.
    pub row_format: Option<RowFormat>,
    /// The column that says whether answers are good; none where rows are pairs of them, or of another
    /// format.
    pub rating_column: Option<String>,
    /// The lowest rating of a good answer, where that column holds numbers.
    pub rating_threshold: Option<f64>,
    /// The name of the chat template: `model`, `plain` or the path of a file; none where rows aren't
    /// rendered by one.
    pub chat_template: Option<String>,
    /// Where a conversation carries loss; none where rows aren't conversations.
    pub train_on: Option<TrainOn>,
    /// Which weights change.
    pub tuning: Tuning,
}

/// How the rows of a dataset are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PlannedRows {
    /// Rows that could be trained on.
    pub total: u64,
    /// Rows that are trained on.
    pub train: u64,
    /// Rows held back to evaluate on.
    pub eval: u64,
}

impl PlannedRows {
    /// With two rows for each one of the dataset.
    pub(super) fn twice(self) -> Self {
        Self { total: self.total * 2, train: self.train * 2, eval: self.eval * 2 }
    }
}

/// A CUDA device of the place of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PlannedGpu {
    /// Its name.
    pub name: String,
    /// Its memory in bytes, if known.
    pub memory_bytes: Option<u64>,
}

impl PlannedGpu {
    pub(super) fn from_accelerator(accelerator: &Accelerator) -> Self {
        Self { name: accelerator.name.clone(), memory_bytes: accelerator.memory_bytes }
    }
}

/// What a training changes of its model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PlannedModules {
    /// Names of linear layers, to choose target modules from.
    pub choices: Vec<String>,
    /// The number of layers that get an adapter.
    pub layers: u64,
    /// The number of parameters that are trained; none where the files or the settings don't show it.
    pub trainable: Option<u64>,
    /// The number of parameters of the model.
    pub parameters: Option<u64>,
}

/// What is fetched from the Hub before a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PlannedFetch {
    /// The kind.
    pub kind: CachedKind,
    /// Its name on the Hub.
    pub name: String,
    /// The part of a dataset.
    pub part: DatasetPart,
    /// The size of all its files in bytes, if the Hub says so. A run may need fewer of them.
    pub bytes: Option<u64>,
    /// The family of a model, such as `llama`, if the Hub says so.
    pub model_type: Option<String>,
}

impl PlannedFetch {
    /// The transfer that fetches it.
    pub(crate) fn to_request(&self) -> TransferRequest {
        TransferRequest { kind: self.kind, name: self.name.clone(), revision: None, part: self.part.clone() }
    }
}

/// How a model or an adapter would be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PlannedCombination {
    /// The id of the model.
    pub model: String,
    /// The id of the adapter; none for the model alone.
    pub adapter: Option<String>,
    /// The name of the chat template that renders its rows: `model`, `plain` or the path of a file; none where
    /// rows are plain texts.
    pub chat_template: Option<String>,
    /// By what answers are compared; none where rows hold none to compare.
    pub judged_by: Option<JudgedBy>,
}

/// By what it is decided which of two answers a model prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum JudgedBy {
    /// The score that a reward model gives.
    Score,
    /// How much more likely the model finds an answer than it did before its training.
    Reward,
    /// How likely the model finds an answer.
    Likelihood,
}

/// What starting an evaluation would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EvaluationPlan {
    /// Why it can't start, by the column of the job; `python` where the environment is at fault.
    pub problems: Vec<FieldProblem>,
    /// What the user should know before it starts, likewise.
    pub warnings: Vec<FieldProblem>,
    /// How rows are read that are not filled into a prompt.
    pub row_format: Option<RowFormat>,
    /// The models and adapters that can be evaluated, in the order of the request.
    pub combinations: Vec<PlannedCombination>,
    /// How many rows are held back; none until the dataset is chosen and can be read.
    pub held_back: Option<u64>,
    /// How many of them are evaluated on.
    pub rows: Option<u64>,
    /// What has to be fetched first: models, adapters and the dataset.
    pub fetches: Vec<PlannedFetch>,
    /// The name of the device that computes.
    pub device: String,
    /// Whether that device can quantize a model.
    pub quantizes: bool,
    /// The generation settings as the worker gets them, as JSON.
    pub generation: String,
}

/// A job that passed through a preflight: what is shown of it, and all that starting it needs.
#[derive(Debug, Clone)]
pub(crate) struct Layout<Plan> {
    pub(crate) plan: Plan,
    /// The rows to create, in an order in which each refers only to earlier ones.
    pub(super) rows: Vec<(TableName, Row)>,
    /// The frozen job; none where the dataset or a model can't be used.
    pub(crate) spec: Option<Spec>,
    /// What the preflight read.
    pub(super) inputs: Inputs,
}
