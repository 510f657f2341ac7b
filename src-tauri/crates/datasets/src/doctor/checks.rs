//! What each shape asks of a row.

use serde_json::Value;

use super::conversation::{self, Style};
use crate::{
    Severity::{self, Error, Warning},
    row::{Cell, Row},
    shape::Shape,
};

/// Hears of a problem: how bad, in which field, and what.
pub(super) type Tell<'a> = dyn FnMut(Severity, &str, String) + 'a;

/// At four characters a token these are 32,768 tokens, more than most models take at once.
const LONG: usize = 131_072;

pub(super) fn check(shape: Shape, row: Row<'_>, tell: &mut Tell<'_>) {
    match shape {
        Shape::Alpaca => {
            written(row, "instruction", tell);
            optional(row, "input", tell);
            written(row, "output", tell);
        }
        Shape::PromptCompletion => {
            let prompt = said(row, "prompt", Part::Beginning, tell);
            let completion = said(row, "completion", Part::Answer, tell);
            of_one_kind([("prompt", prompt), ("completion", completion)], tell);
        }
        Shape::Preference => preference(row, tell),
        Shape::Text => written(row, "text", tell),
        Shape::Chat => conversation(row, "messages", Style::Chat, tell),
        Shape::Sharegpt => conversation(row, "conversations", Style::Sharegpt, tell),
        Shape::Columns => {}
    }
    row.each(|name, cell| {
        let length = length(cell);
        if length > LONG {
            let message = format!("The value is {length} characters long, more than most models can take.");
            tell(Warning, name, message);
        }
    });
}

/// The columns a shape asks for and [`check`] looks into.
pub(super) fn asked(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Alpaca => &["instruction", "input", "output"],
        Shape::PromptCompletion => &["prompt", "completion"],
        Shape::Preference => &["prompt", "chosen", "rejected"],
        Shape::Text => &["text"],
        Shape::Chat => &["messages"],
        Shape::Sharegpt => &["conversations"],
        Shape::Columns => &[],
    }
}

fn preference(row: Row<'_>, tell: &mut Tell<'_>) {
    let chosen = said(row, "chosen", Part::Answer, tell);
    let rejected = said(row, "rejected", Part::Answer, tell);
    let mut parts = vec![("chosen", chosen), ("rejected", rejected)];
    if row.get("prompt") != Cell::Missing {
        parts.insert(0, ("prompt", said(row, "prompt", Part::Beginning, tell)));
    }
    if chosen.is_some() && row.get("chosen") == row.get("rejected") {
        let message = "Chosen and rejected are the same, so there is nothing to learn from them.".to_owned();
        tell(Error, "rejected", message);
    }
    of_one_kind(parts, tell);
}

/// Whether a value is a text or a list of messages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum As {
    Text,
    Messages,
}

/// Which part of an example a list of messages is.
enum Part {
    Beginning,
    Answer,
}

/// A text or a list of messages that must not be empty; which of them it is.
fn said(row: Row<'_>, field: &str, part: Part, tell: &mut Tell<'_>) -> Option<As> {
    if let Cell::Other(Value::Array(messages)) = row.get(field) {
        match part {
            Part::Beginning => conversation::beginning(messages, field, tell),
            Part::Answer => conversation::answer(messages, field, tell),
        }
        return Some(As::Messages);
    }
    written(row, field, tell);
    matches!(row.get(field), Cell::Text(_)).then_some(As::Text)
}

fn of_one_kind<'a>(parts: impl IntoIterator<Item = (&'a str, Option<As>)>, tell: &mut Tell<'_>) {
    let mut parts = parts.into_iter().filter_map(|(name, kind)| Some((name, kind?)));
    let Some((first, kind)) = parts.next() else { return };
    if let Some((other, _)) = parts.find(|(_, other)| *other != kind) {
        let (one, two) = if kind == As::Text { (first, other) } else { (other, first) };
        tell(
            Error,
            other,
            format!("'{one}' is a text and '{two}' a list of messages; both must be the same."),
        );
    }
}

/// A text that must not be empty.
fn written(row: Row<'_>, field: &str, tell: &mut Tell<'_>) {
    match row.get(field) {
        Cell::Missing => tell(Error, field, format!("'{field}' is missing.")),
        Cell::Text(text) if text.trim().is_empty() => tell(Error, field, format!("'{field}' is empty.")),
        Cell::Text(_) => {}
        Cell::Other(value) => {
            tell(Error, field, format!("'{field}' is {} where a text is needed.", a_kind(value)));
        }
    }
}

/// A text that may be empty or missing.
fn optional(row: Row<'_>, field: &str, tell: &mut Tell<'_>) {
    if let Cell::Other(value) = row.get(field) {
        tell(Error, field, format!("'{field}' is {} where a text is needed.", a_kind(value)));
    }
}

fn conversation(row: Row<'_>, field: &str, style: Style, tell: &mut Tell<'_>) {
    match row.get(field) {
        Cell::Missing => tell(Error, field, format!("'{field}' is missing.")),
        Cell::Other(Value::Array(messages)) => conversation::whole(messages, field, style, tell),
        Cell::Other(value) => {
            tell(Error, field, format!("'{field}' is {} where a list of messages is needed.", a_kind(value)));
        }
        Cell::Text(_) => {
            tell(Error, field, format!("'{field}' is a text where a list of messages is needed."));
        }
    }
}

/// What a JSON value is called in a sentence.
pub(super) fn a_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// How many characters of text stand in a value.
fn length(cell: Cell<'_>) -> usize {
    fn within(value: &Value) -> usize {
        match value {
            Value::String(text) => text.chars().count(),
            Value::Array(items) => items.iter().map(within).sum(),
            Value::Object(object) => object.values().map(within).sum(),
            _ => 0,
        }
    }
    match cell {
        Cell::Missing => 0,
        // No text has more characters than bytes.
        Cell::Text(text) if text.len() <= LONG => 0,
        Cell::Text(text) => text.chars().count(),
        Cell::Other(value) => within(value),
    }
}
