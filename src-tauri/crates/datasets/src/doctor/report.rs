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
