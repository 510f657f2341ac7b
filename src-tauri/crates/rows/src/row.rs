//! A row by the names of its columns, whatever kind of file it comes from.

use std::hash::{Hash, Hasher};

use prompts::{Object, Value, hash_object};

use super::row_event::Record;

/// One row.
#[derive(Clone, Copy)]
pub enum Row<'a> {
    /// Of a file with a header.
    Fields {
        /// The header.
        names: &'a [String],
        /// The texts in its order; a short row ends early.
        values: &'a [&'a str],
    },
    /// Of JSON.
    Object(&'a Object),
}

/// What stands in a row under a name.
#[derive(Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing, or null.
    Missing,
    /// A text.
    Text(&'a str),
    /// Anything else of JSON.
    Other(&'a Value),
}

impl<'a> From<&'a Value> for Cell<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Missing,
            Value::String(text) => Self::Text(text),
            other => Self::Other(other),
        }
    }
}

impl<'a> Row<'a> {
    /// The row of a record under these names.
    pub fn new(names: &'a [String], record: &Record<'a>) -> Self {
        match record {
            Record::Fields(values) => Self::Fields { names, values },
            Record::Object(object) => Self::Object(object),
        }
    }

    /// The value under a name.
    pub fn get(self, name: &str) -> Cell<'a> {
        match self {
            Self::Fields { names, values } => {
                let at = names.iter().position(|known| known == name);
                at.and_then(|at| values.get(at)).map_or(Cell::Missing, |text| Cell::Text(text))
            }
            Self::Object(object) => object.get(name).map_or(Cell::Missing, Cell::from),
        }
    }

    /// The row as an object of JSON.
    pub fn to_object(self) -> Object {
        match self {
            Self::Fields { names, values } => {
                names.iter().zip(values).map(|(name, text)| (name.clone(), (*text).into())).collect()
            }
            Self::Object(object) => object.clone(),
        }
    }

    /// Calls `then` with each name and its value, in order.
    pub fn each(self, mut then: impl FnMut(&'a str, Cell<'a>)) {
        match self {
            Self::Fields { names, values } => {
                names.iter().zip(values).for_each(|(name, text)| then(name, Cell::Text(text)));
            }
            Self::Object(object) => object.iter().for_each(|(name, value)| then(name, value.into())),
        }
    }
}

impl Hash for Row<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Fields { values, .. } => values.hash(state),
            Self::Object(object) => hash_object(object, state),
        }
    }
}
