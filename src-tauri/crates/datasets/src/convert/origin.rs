//! What the rows of a dataset are before they are converted.

use std::borrow::Cow;

use prompts::{Value, chat::Style};

use super::{Cell, Row, Shape};
use crate::{
    doctor::{first_error, first_error_in},
    json_text::JsonText,
    shape::{MessageColumn, Recognized},
};

/// The shape of the rows, and the column with conversations.
pub(super) struct Origin {
    shape: Shape,
    messages: Option<MessageColumn>,
}

/// A list of messages and the keys they have, or why there is none.
type FoundMessages<'a> = Result<(Cow<'a, [Value]>, Style), String>;

impl Origin {
    pub(super) fn new(recognized: &Recognized) -> Self {
        Self { shape: recognized.shape, messages: recognized.messages }
    }

    pub(super) fn shape(&self) -> Shape {
        self.shape
    }

    /// The columns that a conversion to another shape uses; none if it uses all.
    pub(super) fn used(&self) -> &[&'static str] {
        match (&self.messages, self.shape) {
            (Some(messages), _) => std::slice::from_ref(&messages.name),
            (None, Shape::Alpaca) => &["instruction", "input", "output", "system", "history"],
            (None, Shape::PromptCompletion) => &["prompt", "completion"],
            (None, Shape::Preference) => &["prompt", "chosen"],
            (None, _) => &[],
        }
    }

    /// The conversation of a row; `None` where rows have none.
    pub(super) fn messages<'a>(&self, row: Row<'a>) -> Option<FoundMessages<'a>> {
        let column = self.messages?;
        let none = || format!("'{}' holds no list of messages.", column.name);
        Some(match row.get(column.name) {
            Cell::Other(Value::Array(list)) => Ok((Cow::Borrowed(list.as_slice()), column.style)),
            Cell::Text(text) if column.as_text => {
                match JsonText::parse(text.as_bytes()).map(|text| text.value) {
                    Ok(Value::Array(list)) => Ok((Cow::Owned(list), column.style)),
                    _ => Err(none()),
                }
            }
            _ => Err(none()),
        })
    }

    /// What keeps a row from being converted: the field, and what is wrong with it.
    pub(super) fn fault(&self, row: Row<'_>) -> Option<(String, String)> {
        let Some(column) = self.messages.filter(|_| self.shape == Shape::Columns) else {
            return first_error(self.shape, row);
        };
        match self.messages(row)? {
            Ok((messages, style)) => first_error_in(&messages, column.name, style),
            Err(why) => Some((column.name.to_owned(), why)),
        }
    }
}
