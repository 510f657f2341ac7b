//! Why a chat template or a conversation can't be rendered.

/// A chat template that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It is not Jinja as this program reads it.
    #[error("Line {line} of the chat template can't be read: {reason}.")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// It is larger or deeper than any chat template has a reason to be.
    #[error("The chat template is refused: {0}.")]
    TooLarge(String),
    /// It uses what this program doesn't render. Transformers may.
    #[error("This program can't render the chat template as Transformers does: line {line} has {what}.")]
    Unsupported {
        /// The line, from 1.
        line: usize,
        /// What it uses.
        what: String,
    },
    /// The frozen time is none.
    #[error("\"{0}\" is no local time. Write it as 2026-11-28T13:50:00.")]
    Time(String),
}

/// Why a template can't render a conversation, or why its turns can't be located in the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The template itself refuses the conversation, by `raise_exception`.
    #[error("The chat template refuses the conversation: {0}")]
    Refused(String),
    /// The template fails on the conversation, as it would in Python.
    #[error("The chat template fails on the conversation: {0}.")]
    Failed(String),
    /// The template uses what this program doesn't render. Transformers may.
    #[error("This program can't render the conversation as Transformers does: {0}.")]
    Unsupported(String),
    /// It needs more steps, memory or text than a conversation has a reason to.
    #[error("The rendering was stopped: {0}.")]
    TooMuch(String),
    /// There is no message, no message of the assistant where one is needed, or no text.
    #[error("{0}")]
    Nothing(String),
    /// The template writes nothing of a message that is to be learned.
    #[error("The chat template leaves out message {message}, so a model would learn an empty answer.")]
    LeftOut {
        /// The message, from 1.
        message: usize,
    },
    /// The text is there, but where the assistant's messages lie in it is not certain.
    #[error(
        "The assistant's turns can't be located in the rendered text: {0}. Train on the last turn \
         (last_turn) or on everything, or take a template with generation tags."
    )]
    NotLocated(String),
}
