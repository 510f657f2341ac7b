//! A stored row: typed, and with the values as they are in the database.

use crate::{Affinity, Error, MappedDict, Resource, Row, Table};

/// A stored row: the typed view for rules and the values exactly as they are in the database,
/// because other programs may have written values that the types can't hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored<R> {
    /// The typed row. A value that its column's type can't hold is unset here.
    pub typed: R,
    /// Every column with its value as stored, in declaration order.
    pub raw: Row,
}

impl<R: Resource> Stored<R> {
    /// A row of the table of `R`.
    pub fn from_row(raw: Row) -> Self {
        Self { typed: typed(&raw), raw }
    }
}

impl<R> std::ops::Deref for Stored<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.typed
    }
}

/// The typed row. A value that its column's type can't hold counts as unset.
pub(crate) fn typed<R: Resource>(row: &Row) -> R {
    R::from_dict(&fitting(R::TABLE, row)).unwrap_or_else(|error: Error| {
        tracing::error!("{:?}: {error}", R::TABLE);
        R::default()
    })
}

/// The values that the types of their columns can hold.
fn fitting(table: &Table, row: &Row) -> Row {
    let fits = |name: &String, value: &serde_json::Value| {
        table.column(name).is_some_and(|column| match column.affinity() {
            Affinity::Text => value.is_string(),
            Affinity::Integer => value.is_i64(),
            Affinity::Real => value.is_number(),
        })
    };
    row.iter().filter(|(name, value)| fits(name, value)).map(|(n, v)| (n.clone(), v.clone())).collect()
}
