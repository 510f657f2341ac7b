//! Rows that are named by others.

use schema::TableName;
use serde::{Deserialize, Serialize};

/// One row of one table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RowKey {
    /// The table.
    pub table: TableName,
    /// The row's id.
    pub id: String,
}

/// A row that refers to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct UseSample {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
}

/// The rows of one table that refer to a row through one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Use {
    /// The table of the rows.
    pub table: TableName,
    /// The column that refers.
    pub column: String,
    /// The number of those rows.
    pub total: u64,
    /// The first twenty of them.
    pub sample: Vec<UseSample>,
}
