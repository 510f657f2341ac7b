//! The whole store as a file: JSON that people and other programs read, or a database.

mod import;
mod intake;
mod json;
mod plan;
mod rows;
mod source;
mod sqlite;
mod staged;

use serde::{Deserialize, Serialize};

use store::TableCount;

pub use import::{ImportPolicy, ImportReport, OnConflict, OnDangling, TableReport};
pub use intake::{Skipped, SourceProblem};
pub use json::export_json;
pub use plan::{Conflict, Difference, Plan, TablePlan};
pub use rows::export_rows;
pub use source::SourceKind;
pub use sqlite::export_sqlite;
pub use staged::Staged;

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// One JSON text with all tables, as the reference studio reads and writes it.
    Json,
    /// A copy of the database.
    Sqlite,
}

/// The form of an export of chosen rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Exported {
    /// The file.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many rows of each table are in it.
    pub rows: Vec<TableCount>,
}
