//! Messages with marks in their texts.

use super::{jinja::strip, variables::REASONING};
use crate::value::{Object, Value};

/// Where a text is marked. Some templates look at how a text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    BothEnds,
    End,
}

/// Whether a message is the assistant's.
pub(super) fn is_assistant(message: &Object) -> bool {
    role(message) == "assistant"
}

/// The message's role, empty if it has none.
pub(super) fn role(message: &Object) -> &str {
    message.get("role").and_then(Value::as_str).unwrap_or_default()
}

/// The message with the mark in each text that may be rendered, and whether there is any.
pub(super) fn marked(message: &Object, mark: char, at: At) -> (Object, bool) {
    let mut message = message.clone();
    let mut any = false;
    for field in ["content"].into_iter().chain(REASONING) {
        match message.get_mut(field) {
            Some(Value::String(text)) => any |= mark_text(text, mark, at),
            Some(Value::Array(parts)) => {
                for part in parts {
                    any |= mark_entry(part, "text", mark, at);
                }
            }
            _ => {}
        }
    }
    if let Some(Value::Array(calls)) = message.get_mut("tool_calls") {
        for call in calls {
            any |= mark_call(call, mark);
        }
    }
    (message, any)
}

/// White space at the ends stays there, because templates trim it.
fn mark_text(text: &mut String, mark: char, at: At) -> bool {
    let trimmed = strip(text, None, true, true);
    if trimmed.is_empty() {
        return false;
    }
    let start = text.len() - strip(text, None, true, false).len();
    text.insert(start + trimmed.len(), mark);
    if at == At::BothEnds {
        text.insert(start, mark);
    }
    true
}

fn mark_entry(object: &mut Value, key: &str, mark: char, at: At) -> bool {
    match object {
        Value::Object(entries) => match entries.get_mut(key) {
            Some(Value::String(text)) => mark_text(text, mark, at),
            _ => false,
        },
        _ => false,
    }
}

/// A call is marked in its arguments, or in its name if they have no text.
fn mark_call(call: &mut Value, mark: char) -> bool {
    let Value::Object(call) = call else { return false };
    let function = match call.get_mut("function") {
        Some(Value::Object(function)) => function,
        _ => call,
    };
    let in_arguments = function.get_mut("arguments").is_some_and(|arguments| mark_last(arguments, mark));
    in_arguments || function.get_mut("name").is_some_and(|name| mark_last(name, mark))
}

/// Marks the last text within a value.
fn mark_last(value: &mut Value, mark: char) -> bool {
    match value {
        Value::String(text) => mark_text(text, mark, At::End),
        Value::Array(values) => values.iter_mut().rev().any(|value| mark_last(value, mark)),
        Value::Object(entries) => entries.values_mut().rev().any(|value| mark_last(value, mark)),
        _ => false,
    }
}
