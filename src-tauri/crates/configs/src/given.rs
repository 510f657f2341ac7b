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
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }
    pub(crate) fn above(&self, name: &str, limit: f64) -> bool {
        self.number(name).is_some_and(|number| number > limit)
    }
}
