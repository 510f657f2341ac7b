//! What a preflight results in.

use schema::{FieldProblem, Row, TableName};
use serde::Serialize;

use super::inputs::Inputs;
use crate::{estimate::Estimate, spec::Spec};

/// What starting a training would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TrainingPlan {
    /// Why it can't start, by the column of the job; `python` where the environment is at fault.
    pub problems: Vec<FieldProblem>,
    /// What the user should know before it starts, likewise.
    pub warnings: Vec<FieldProblem>,
    /// How the rows are divided; none until the dataset is chosen and can be read.
    pub rows: Option<PlannedRows>,
    /// How often the weights are updated; none where that is not known before.
    pub steps: Option<u64>,
    /// What it takes; none where the model's files are not here or say too little.
    pub estimate: Option<Estimate>,
    /// The name of the device that computes.
    pub device: String,
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

/// What starting an evaluation would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EvaluationPlan {
    /// Why it can't start, by the column of the job; `python` where the environment is at fault.
    pub problems: Vec<FieldProblem>,
    /// What the user should know before it starts, likewise.
    pub warnings: Vec<FieldProblem>,
    /// How many rows are held back; none until the dataset is chosen and can be read.
    pub held_back: Option<u64>,
    /// How many of them are evaluated on.
    pub rows: Option<u64>,
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
    pub(super) plan: Plan,
    /// The rows to create, in an order in which each refers only to earlier ones.
    pub(super) rows: Vec<(TableName, Row)>,
    /// The frozen job; none where the dataset or a model can't be used.
    pub(super) spec: Option<Spec>,
    /// What the preflight read.
    pub(super) inputs: Inputs,
}
