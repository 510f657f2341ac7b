//! What filters, functions and methods are given.

use minijinja::{Error, Value, value::Kwargs};

use super::python_text::{type_name, wrong};

/// An argument by position or by name.
pub(super) fn argument(
    rest: &[Value],
    named: &Kwargs,
    at: usize,
    name: &str,
) -> Result<Option<Value>, Error> {
    match rest.get(at) {
        Some(value) => Ok(Some(value.clone())),
        None => named.get::<Option<Value>>(name),
    }
}

/// The items of a value, as Python's `iter` gives them.
pub(super) fn iter(value: &Value) -> Result<impl Iterator<Item = Value> + use<>, Error> {
    if value.is_none() {
        return Err(wrong(format!("'{}' object is not iterable", type_name(value))));
    }
    value.try_iter()
}
