//! The whole store as a file: JSON that people and other programs read, or a database.

mod json;
mod place;
mod sqlite;

use serde::{Deserialize, Serialize};

use crate::store::TableCount;

pub(crate) use json::export_json;
pub(crate) use sqlite::{copy_database, export_sqlite};

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// One JSON text with all tables, as the reference studio reads and writes it.
    Json,
    /// A copy of the database.
    Sqlite,
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
