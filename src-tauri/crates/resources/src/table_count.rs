//! The number of rows of a table.

use schema::TableName;
use serde::{Deserialize, Serialize};

/// A number of rows of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TableCount {
    /// The table.
    pub table: TableName,
    /// The number of rows.
    pub rows: u64,
}
