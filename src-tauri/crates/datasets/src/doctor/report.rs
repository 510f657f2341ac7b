//! How checks report problems.

use prompts::Value;

use crate::problem::Severity;

/// Takes a problem: how bad, in which field, and what.
pub(super) type Report<'a> = dyn FnMut(Severity, &str, String) + 'a;

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

/// Whether something is there: null, blank texts, empty lists and objects of nothing are not. Arrow writes
/// such values under keys that other rows have.
pub(crate) fn has_content(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(values)) => values.iter().any(|value| !value.is_null()),
        Some(Value::Object(entries)) => entries.values().any(|value| !value.is_null()),
        Some(Value::Bool(_) | Value::Number(_)) => true,
    }
}
