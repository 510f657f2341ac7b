//! Filters that the rewriting of a template puts around values.

use minijinja::{
    Error, ErrorKind, State, Value,
    value::{ValueIter, ValueKind},
};

use super::{
    failure::Beyond,
    python_text::{type_name, wrong},
};

/// Values within a list or a dictionary that a template builds. A conversation of ten thousand messages
/// has fewer. Without it a list that holds itself twice, and so on, is larger than any memory.
const MOST_VALUES: usize = 50_000;
/// Lists and dictionaries around a value: JSON's parsers stop at 128. Dropping a value recurses this deep.
const MOST_DEPTH: usize = 160;
/// Values that are counted for one step.
const VALUES_PER_STEP: usize = 8;

/// The value, if it is no larger and no deeper than a template has a reason to build. What can be iterated
/// once, or holds on to what it iterates, becomes a list.
///
/// # Errors
/// It is larger, or deeper, or holds a namespace, which could come to hold itself.
pub(super) fn bounded(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    let value = match value.kind() {
        _ if is_namespace(&value) => return Ok(value),
        ValueKind::Iterable => value.try_iter()?.collect(),
        ValueKind::Seq | ValueKind::Map => value,
        _ => return Ok(value),
    };
    let mut open = vec![value.try_iter()?];
    let mut parents = vec![value.clone()];
    let mut count = 0;
    while let Some(items) = open.last_mut() {
        let Some(item) = items.next() else {
            open.pop();
            parents.pop();
            continue;
        };
        count += 1;
        if count > MOST_VALUES {
            return Err(beyond(format!("a value of the template holds more than {MOST_VALUES} others")));
        }
        let inner = match parents.last() {
            Some(parent) if parent.kind() == ValueKind::Map => parent.get_item(&item)?,
            _ => item,
        };
        if is_namespace(&inner) {
            return Err(held());
        }
        if let Some(items) = iterated(&inner)? {
            if open.len() >= MOST_DEPTH {
                return Err(beyond(format!(
                    "a value of the template is nested more than {MOST_DEPTH} times"
                )));
            }
            open.push(items);
            parents.push(inner);
        }
    }
    state.consume_fuel(u64::try_from(count / VALUES_PER_STEP).unwrap_or(u64::MAX))?;
    Ok(value)
}

/// What an attribute of a namespace is set to.
///
/// # Errors
/// As for [`bounded`], and it is a namespace.
pub(super) fn attribute(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    if is_namespace(&value) { Err(held()) } else { bounded(state, value) }
}

fn is_namespace(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.type_name().ends_with("::Namespace"))
}

fn held() -> Error {
    Error::new(ErrorKind::UnknownFunction, "a namespace is kept within another value")
}

fn iterated(value: &Value) -> Result<Option<ValueIter>, Error> {
    match value.kind() {
        ValueKind::Seq | ValueKind::Map => value.try_iter().map(Some),
        _ => Ok(None),
    }
}

/// What a `for` iterates over.
///
/// # Errors
/// It is none, which the engine would take for an empty list.
pub(super) fn iterable(value: Value) -> Result<Value, Error> {
    if value.is_none() {
        return Err(wrong(format!("'{}' object is not iterable", type_name(&value))));
    }
    Ok(value)
}

fn beyond(limit: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, "limit").with_source(Beyond(limit))
}
