//! How many rows a table has.

use schema::TableName;
use serde::Serialize;

/// A number of rows of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TableCount {
    /// The table.
    pub table: TableName,
    /// How many rows.
    pub rows: u64,
}
