//! What the worker of a trial answers.

use serde::{Deserialize, Serialize};

/// An answer of the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum TrialAnswer {
    /// What is done before it answers: `sending`, `starting` or `waiting` on a compute target, then `loading`, `model`
    /// and `ready`.
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
        /// The tokens that begin in it, if the question asks for them.
        #[serde(default)]
        tokens: Option<Vec<LikelyToken>>,
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
        /// The text that ended it, of those that the question names.
        #[serde(default)]
        stop: Option<String>,
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
        /// Whether the question is at fault, as one that is too long is.
        #[serde(default)]
        refused: bool,
    },
    /// The worker ended.
    Closed {
        /// The last line of its standard error, if it failed.
        message: Option<String>,
    },
}

/// A chosen token, and how likely it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LikelyToken {
    /// The token itself.
    #[serde(flatten)]
    pub token: TokenLikelihood,
    /// The likeliest tokens in its place, descending.
    pub top: Vec<TokenLikelihood>,
}

/// A token and its likelihood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TokenLikelihood {
    /// Its text.
    pub token: String,
    /// The bytes of the text; none where it is a part of a character.
    pub bytes: Option<Vec<u8>>,
    /// The natural logarithm of its probability, before temperature and such.
    pub logprob: f64,
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
