//! What each shape asks of a row.

use prompts::{
    Value,
    chat::{Style, has_content},
};

use super::{
    conversation,
    report::{Report, a_kind},
};
use crate::{
    Severity::{self, Error, Warning},
    row::{Cell, Row},
    shape::Shape,
};

/// At four characters a token these are 32,768 tokens, more than most models take at once.
const LONG: usize = 131_072;

pub(super) fn check(shape: Shape, row: Row<'_>, report: &mut Report<'_>) {
    match shape {
        Shape::Alpaca => {
            written(row, "instruction", report);
            optional(row, "input", report);
            written(row, "output", report);
        }
        Shape::PromptCompletion => {
            let prompt = said(row, "prompt", Part::Beginning, report);
            let completion = said(row, "completion", Part::Answer, report);
            of_one_kind([("prompt", prompt), ("completion", completion)], report);
        }
        Shape::Preference => preference(row, report),
        Shape::Text => written(row, "text", report),
        Shape::Chat => conversation(row, "messages", Style::Chat, report),
        Shape::Sharegpt => conversation(row, "conversations", Style::Sharegpt, report),
        Shape::Columns => {}
    }
    row.each(|name, cell| {
        let length = length(cell);
        if length > LONG {
            let message = format!("The value is {length} characters long, more than most models can take.");
            report(Warning, name, message);
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

fn preference(row: Row<'_>, report: &mut Report<'_>) {
    let chosen = said(row, "chosen", Part::Answer, report);
    let rejected = said(row, "rejected", Part::Answer, report);
    let mut parts = vec![("chosen", chosen), ("rejected", rejected)];
    // An empty list is how Arrow writes that there is none.
    let empty = matches!(row.get("prompt"), Cell::Other(value) if !has_content(Some(value)));
    if row.get("prompt") != Cell::Missing && !empty {
        parts.insert(0, ("prompt", said(row, "prompt", Part::Beginning, report)));
    }
    if chosen.is_some() && row.get("chosen") == row.get("rejected") {
        let message = "Chosen and rejected are the same, so there is nothing to learn from them.".to_owned();
        report(Error, "rejected", message);
    }
    of_one_kind(parts, report);
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
fn said(row: Row<'_>, field: &str, part: Part, report: &mut Report<'_>) -> Option<As> {
    if let Cell::Other(Value::Array(messages)) = row.get(field) {
        match part {
            Part::Beginning => conversation::beginning(messages, field, report),
            Part::Answer => conversation::answer(messages, field, report),
        }
        return Some(As::Messages);
    }
    written(row, field, report);
    matches!(row.get(field), Cell::Text(_)).then_some(As::Text)
}

fn of_one_kind<'a>(parts: impl IntoIterator<Item = (&'a str, Option<As>)>, report: &mut Report<'_>) {
    let mut parts = parts.into_iter().filter_map(|(name, kind)| Some((name, kind?)));
    let Some((first, kind)) = parts.next() else { return };
    if let Some((other, _)) = parts.find(|(_, other)| *other != kind) {
        let (one, two) = if kind == As::Text { (first, other) } else { (other, first) };
        report(
            Error,
            other,
            format!("'{one}' is a text and '{two}' a list of messages; both must be the same."),
        );
    }
}

/// A text that must not be empty.
fn written(row: Row<'_>, field: &str, report: &mut Report<'_>) {
    match row.get(field) {
        Cell::Missing => report(Error, field, format!("'{field}' is missing.")),
        Cell::Text(text) if text.trim().is_empty() => report(Error, field, format!("'{field}' is empty.")),
        Cell::Text(_) => {}
        Cell::Other(value) => {
            report(Error, field, format!("'{field}' is {} where a text is needed.", a_kind(value)));
        }
    }
}

/// A text that may be empty or missing.
fn optional(row: Row<'_>, field: &str, report: &mut Report<'_>) {
    if let Cell::Other(value) = row.get(field)
        && has_content(Some(value))
    {
        report(Error, field, format!("'{field}' is {} where a text is needed.", a_kind(value)));
    }
}

fn conversation(row: Row<'_>, field: &str, style: Style, report: &mut Report<'_>) {
    match row.get(field) {
        Cell::Missing => report(Error, field, format!("'{field}' is missing.")),
        Cell::Other(Value::Array(messages)) => conversation::whole(messages, field, style, report),
        Cell::Other(value) => {
            report(
                Error,
                field,
                format!("'{field}' is {} where a list of messages is needed.", a_kind(value)),
            );
        }
        Cell::Text(_) => {
            report(Error, field, format!("'{field}' is a text where a list of messages is needed."));
        }
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

/// The first error in a list of messages, as [`first_error`] finds it in a row.
pub(crate) fn first_error_in(messages: &[Value], field: &str, style: Style) -> Option<(String, String)> {
    let mut first = None;
    conversation::whole(messages, field, style, &mut |severity, field, message| {
        if severity == Severity::Error && first.is_none() {
            first = Some((field.to_owned(), message));
        }
    });
    first
}

/// The first error in a row: the field, and what is wrong with it.
pub(crate) fn first_error(shape: Shape, row: Row<'_>) -> Option<(String, String)> {
    let mut first = None;
    check(shape, row, &mut |severity, field, message| {
        if severity == Severity::Error && first.is_none() {
            first = Some((field.to_owned(), message));
        }
    });
    first
}
