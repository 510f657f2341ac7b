//! What a loaded model is asked.

use serde::Serialize;
use serde_json::{Map, Value};

/// A prompt, and how it is answered.
#[derive(Debug, Clone, Serialize)]
pub struct Question<'a> {
    /// The name that its answers carry.
    pub id: &'a str,
    /// The text that the model reads.
    pub prompt: &'a str,
    /// Whether a chat template wrote the prompt, with all special tokens.
    pub rendered: bool,
    /// The text of that template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<&'a str>,
    /// What answers, one after another: [`crate::BASE`], or the ids of adapters.
    pub targets: &'a [String],
    /// Names of Transformers' generation config.
    pub generation: &'a Map<String, Value>,
    /// Texts before which an answer ends.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub stop: &'a [String],
    /// Fixes what is sampled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// What is subtracted from the scores of tokens that the answer has already; none for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penalties: Option<Penalties>,
    /// How many alternatives of each token are returned with the answer; none for no tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<u8>,
}

/// What is subtracted from the score of a token, as OpenAI defines it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Penalties {
    /// Once, if the answer has it.
    pub presence: f64,
    /// For each time that the answer has it.
    pub frequency: f64,
}

/// A conversation as the text that a model reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedPrompt {
    /// The text, with all special tokens.
    pub prompt: String,
    /// The text of the chat template that wrote it.
    pub template: String,
}
