//! What the worker of a trial answers.

use serde::{Deserialize, Serialize};

/// An answer of the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum TrialAnswer {
    /// What the worker does: `loading`, `model` or `ready`.
    Status {
        /// One of these words.
        status: String,
        /// The same in a sentence.
        message: Option<String>,
        /// The most tokens that the loaded model reads and writes together, if it has a limit.
        #[serde(default)]
        context_length: Option<u64>,
    },
    /// The next piece of an answer.
    Text {
        /// Which question.
        id: String,
        /// `base`, or the id of an adapter.
        target: String,
        /// The piece.
        text: String,
    },
    /// An answer is complete.
    Done {
        /// Which question.
        id: String,
        /// `base`, or the id of an adapter.
        target: String,
        /// Tokens of the question.
        input_tokens: Option<u64>,
        /// Tokens of the answer.
        output_tokens: Option<u64>,
        /// Seconds it took.
        latency: Option<f64>,
        /// Whether the user cancelled it.
        #[serde(default)]
        cancelled: bool,
        /// What cut it off before its end, if something did.
        #[serde(default)]
        cut: Option<Cut>,
    },
    /// All answers to a question are complete.
    Finished {
        /// Which question.
        id: String,
    },
    /// Something can't be done.
    Error {
        /// Which question, if it is about one.
        id: Option<String>,
        /// What and why.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// The worker ended.
    Closed {
        /// The last line of its standard error, if it failed.
        message: Option<String>,
    },
}

/// What cuts an answer off before the model ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// The largest number of new tokens.
    NewTokens,
    /// The model's context.
    Context,
}
