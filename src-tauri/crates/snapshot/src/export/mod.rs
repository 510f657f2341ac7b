//! Export of the store, or of some rows, to a file.

mod database;
mod json;
mod rows;

use serde::{Deserialize, Serialize};
use store::TableCount;

pub use database::export_sqlite;
pub use json::{OtherTexts, export_extent, export_json, export_plain_extent};
pub use rows::export_rows;

/// The number of rows between two reports of progress.
const ROWS_A_TICK: u64 = 1_000;

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// One JSON text with all tables, as the reference studio reads and writes it.
    Json,
    /// A copy of the database.
    Sqlite,
}

/// The form of an export of chosen rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum RowsForm {
    /// A JSON snapshot of these rows, which can be imported.
    Json {
        /// Whether the rows that they refer to, directly or through others, are exported too.
        with_references: bool,
    },
    /// Comma-separated values with the names of the columns in the first line. Null is an empty value.
    Csv,
}

/// The result of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Exported {
    /// The file.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The number of rows of each table.
    pub rows: Vec<TableCount>,
}
