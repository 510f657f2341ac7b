//! What a chat template renders.

use crate::value::{Object, Value};

/// A conversation: its messages, and the other variables of a chat template that a row may have.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conversation {
    /// The messages in order, each with a `role` and, mostly, a `content`.
    pub messages: Vec<Object>,
    /// The tools that the assistant may call, as JSON schemas. An empty list is not the same as none: some
    /// templates then write their preamble of tools.
    pub tools: Option<Vec<Value>>,
    /// The documents that answers are grounded in.
    pub documents: Option<Vec<Value>>,
    /// Variables for the template, such as `enable_thinking`. They win over special tokens.
    pub arguments: Object,
}

/// How a rendering ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With the last message.
    Whole,
    /// With what opens the assistant's answer.
    GenerationPrompt,
    /// Within the last message, so that a model continues it.
    ContinueFinal,
}

/// A conversation as a model is trained on it. All positions are code points of `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedConversation {
    /// The text with all special tokens. A tokenizer adds nothing to it.
    pub text: String,
    /// The half-open ranges that carry loss, ascending and without overlap. None is empty.
    pub loss: Vec<(usize, usize)>,
    /// Where the messages lie, ascending; empty if that can't be found out.
    pub turns: Vec<Turn>,
}

/// A message in a rendered text, from the end of the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The message's role.
    pub role: String,
    /// The first code point.
    pub start: usize,
    /// The code point behind the last.
    pub end: usize,
}
