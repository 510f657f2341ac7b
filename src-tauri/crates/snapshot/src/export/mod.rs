//! Writing the store, or rows of it, to a file.

mod database;
mod json;
mod rows;

use serde::{Deserialize, Serialize};
use store::TableCount;

pub use database::export_sqlite;
pub use json::export_json;
pub use rows::export_rows;

/// How many rows are written between two reports of progress.
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
    /// A snapshot of these rows alone, which can be imported.
    Json {
        /// Whether what the rows refer to comes with them, directly or through others.
        with_references: bool,
    },
    /// Comma-separated values: a line with the names of the columns, then a row a line. What is
    /// null is empty.
    Csv,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Exported {
    /// The file.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many rows of each table are in it.
    pub rows: Vec<TableCount>,
}
