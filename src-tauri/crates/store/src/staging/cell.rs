//! A value of a source, before it is checked by its column.

use schema::{Error, Result};
use sqlx::{
    Arguments as _, Row as _, TypeInfo as _, ValueRef as _,
    sqlite::{SqliteArguments, SqliteRow},
};

/// A value of a source.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A whole number.
    Integer(i64),
    /// A fraction.
    Real(f64),
    /// A text.
    Text(String),
    /// A value that no column can hold, described as in "a list".
    Odd(&'static str),
}

impl Cell {
    /// The size of its text in bytes.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            _ => 0,
        }
    }

    /// Whether it can be dropped without loss.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }
}

/// Binds a value; one that no column can hold as null.
pub(super) fn add(arguments: &mut SqliteArguments, cell: Cell) -> Result<()> {
    let added = match cell {
        Cell::Null | Cell::Odd(_) => arguments.add(None::<i64>),
        Cell::Integer(number) => arguments.add(number),
        Cell::Real(number) => arguments.add(number),
        Cell::Text(text) => arguments.add(text),
    };
    added.map_err(|error| Error::internal("staging a row", &error))
}

/// The value of a column of a source that is a database.
pub(super) fn from_column(row: &SqliteRow, at: usize) -> Result<Cell> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Cell::Null);
    }
    let kind = raw.type_info();
    Ok(match kind.name() {
        "INTEGER" => Cell::Integer(row.try_get_unchecked(at)?),
        "REAL" => Cell::Real(row.try_get_unchecked(at)?),
        // SQLite texts may be any bytes.
        "TEXT" => row.try_get_unchecked(at).map_or(Cell::Odd("text that is not UTF-8"), Cell::Text),
        _ => Cell::Odd("a blob"),
    })
}
