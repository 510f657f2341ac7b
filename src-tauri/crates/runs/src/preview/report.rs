//! What a preview of rows is asked for, and what it says.

use prompts::TokenCount;
use resources::TrainingChoices;
use schema::{Error, FieldProblem};
use serde::{Deserialize, Serialize};

use crate::preflight::PlannedChoices;

/// Rows to show as a training would see them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default, deny_unknown_fields)]
pub struct PreviewRequest {
    /// The id of the dataset.
    pub dataset_id: String,
    /// The number of the first row, from 1.
    pub row: u64,
    /// How many rows, at most 100.
    pub count: u64,
    /// The id of the model whose chat template and tokenizer are used.
    pub base_model_id: Option<String>,
    /// The id of the prompt, where rows are filled into one.
    pub prompt_id: Option<String>,
    /// What is chosen; the rest is filled in as for a training.
    pub choices: TrainingChoices,
    /// The largest number of tokens of a row; what exceeds it is cut off.
    pub limit: Option<u32>,
}

/// Rows as a training or an evaluation would see them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TrainingPreview {
    /// What is trained and how: as chosen, else as it follows from the dataset and the model.
    pub choices: PlannedChoices,
    /// Why no row can be shown, by the field at fault.
    pub problems: Vec<FieldProblem>,
    /// The rows, in order; none behind the last one. A pair that is trained on as two answers is two.
    pub rows: Vec<PreviewedRow>,
    /// The number of rows, if the whole file was read before.
    pub total: Option<u64>,
    /// Whether the last of the rows is the last of the dataset.
    pub last: bool,
    /// The texts of tokens with a meaning of their own that are in the rows, such as the end of a turn.
    pub special_tokens: Vec<String>,
    /// Whether rows were rendered by Transformers in the Python environment, because this program can't render
    /// their template. The texts are the same.
    pub by_transformers: bool,
    /// The path of the tokenizer that counted the tokens; none for an estimate.
    pub tokenizer: Option<String>,
    /// Why the model's tokenizer was not used.
    pub tokenizer_problem: Option<Error>,
}

/// A row as a training would see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PreviewedRow {
    /// Its number, from 1.
    pub row: u64,
    /// Its texts: one of a conversation or a text, two of a prompt and a completion, three of a
    /// preference.
    pub texts: Vec<PreviewedText>,
    /// Whether the answer is a good one, where rows say so.
    pub label: Option<bool>,
    /// Why a training refuses the row.
    pub problem: Option<String>,
}

/// A text as it stands in the rows of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PreviewedText {
    /// What it is: `text`, `prompt`, `completion`, `expected`, `chosen` or `rejected`, as in the rows of a run.
    pub part: String,
    /// The messages that it is made of; empty where it is a text of the row.
    pub messages: Vec<PreviewedMessage>,
    /// The text.
    pub text: String,
    /// Where it carries loss, in code points of the text: begin and end, ascending.
    pub loss: Vec<(usize, usize)>,
    /// Where the messages are in the text, as far as the template marks them.
    pub turns: Vec<PreviewedTurn>,
    /// Its length in tokens.
    pub tokens: TokenCount,
    /// The code point from which on it is cut off; none where it fits.
    pub cut: Option<usize>,
}

/// A message as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PreviewedMessage {
    /// Who speaks: `system`, `user`, `assistant` or `tool`.
    pub role: String,
    /// What is said.
    pub content: String,
    /// What else the message has, such as calls of tools, as JSON; empty where it has nothing.
    pub rest: String,
}

/// A message in a rendered text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PreviewedTurn {
    /// Who speaks.
    pub role: String,
    /// The code point at which it begins.
    pub start: usize,
    /// The code point behind it.
    pub end: usize,
    /// Its length in tokens, an estimate where the whole text's is one.
    pub tokens: u64,
}
