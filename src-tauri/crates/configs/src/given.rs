//! The settings that a config sets.

use serde_json::{Map, Value};

/// The settings that a config sets. `null` counts as not set.
pub(crate) struct Given<'a>(pub(crate) &'a Map<String, Value>);

impl Given<'_> {
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }
    /// Whether the setting is `true`.
    pub(crate) fn on(&self, name: &str) -> bool {
        self.0.get(name) == Some(&Value::Bool(true))
    }
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }
    /// Whether the setting is given as a text.
    pub(crate) fn is_text(&self, name: &str) -> bool {
        self.text(name).is_some()
    }
    /// Whether Python takes the value for true.
    pub(crate) fn is_truthy(&self, name: &str) -> bool {
        match self.0.get(name) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(value)) => *value,
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(fields)) => !fields.is_empty(),
        }
    }
    /// The number, if it is written without a decimal point.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }
    pub(crate) fn above(&self, name: &str, limit: f64) -> bool {
        self.number(name).is_some_and(|number| number > limit)
    }
}
