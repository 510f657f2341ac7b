//! A row of a dataset as a training example: the texts that the worker gets.

use prompts::{
    Object,
    chat::{Ratings, RenderError, RowFault, Turn},
};
use resources::FineTuningJob;
use schema::column;
use serde::Serialize;

/// A row as the texts that a worker gets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Example {
    /// The texts in the order of the row's keys.
    pub texts: Vec<ExampleText>,
    /// Where the only text carries loss, in code points; none where that follows from the method.
    pub loss: Option<Vec<(usize, usize)>>,
    /// Where messages lie in the only text, as far as the template marks it.
    pub turns: Vec<Turn>,
    /// Whether the answer is a good one, where rows say so.
    pub label: Option<bool>,
}

/// One text of an example.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleText {
    /// Its key in the rows of a run.
    pub key: &'static str,
    /// The text.
    pub text: String,
    /// The messages that it is made of; empty where it is a text of the row.
    pub messages: Vec<Object>,
}

impl ExampleText {
    /// A text by its key in the row of a run.
    pub fn new(key: &'static str, text: impl Into<String>, messages: Vec<Object>) -> Self {
        Self { key, text: text.into(), messages }
    }
}

/// Why a row is no example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoExample {
    /// The row lacks something.
    Row(RowFault),
    /// The chat template can't render it.
    Template(RenderError),
}

impl NoExample {
    /// The field of a training that the reason belongs to. `ratings` are what says whether answers are good.
    pub fn field(&self, ratings: Option<&Ratings>) -> &'static str {
        match self {
            Self::Row(fault) if ratings.is_some_and(|ratings| ratings.column == fault.column) => {
                "rating_column"
            }
            Self::Row(_) => column!(FineTuningJob, dataset_id),
            Self::Template(_) if self.is_not_located() => "train_on",
            Self::Template(_) => "chat_template",
        }
    }

    /// Whether the template doesn't mark the assistant's messages.
    pub fn is_not_located(&self) -> bool {
        matches!(self, Self::Template(RenderError::NotLocated(_)))
    }
}

impl std::fmt::Display for NoExample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Row(fault) => fault.fmt(f),
            Self::Template(error) => error.fmt(f),
        }
    }
}

impl From<RowFault> for NoExample {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

impl From<RenderError> for NoExample {
    fn from(error: RenderError) -> Self {
        Self::Template(error)
    }
}

impl Example {
    /// Adds the entries of a line of JSON behind the row's number.
    pub fn write(&self, line: &mut Vec<u8>) {
        for text in &self.texts {
            entry(line, text.key, &text.text);
        }
        if let Some(loss) = &self.loss {
            entry(line, "loss", loss);
        }
        if let Some(label) = &self.label {
            entry(line, "label", label);
        }
    }
}

fn entry(line: &mut Vec<u8>, key: &str, value: &impl Serialize) {
    line.extend_from_slice(format!(",\"{key}\":").as_bytes());
    // Writing into memory can't fail.
    _ = serde_json::to_writer(line, value);
}
