//! What a check of a whole database finds.

use schema::TableName;
use serde::Serialize;

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum FindingSeverity {
    /// Something is broken.
    Error,
    /// A value is unexpected, and kept.
    Warning,
}

/// The change that resolves a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Set the column to null.
    ClearReference,
    /// Change the value of the column.
    Edit,
}

/// A problem with the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Finding {
    /// Its severity.
    pub severity: FindingSeverity,
    /// The table, if it is about a row.
    pub table: Option<TableName>,
    /// The row, if it is about one.
    pub id: Option<String>,
    /// The column, if it is about one.
    pub column: Option<String>,
    /// The problem in a sentence.
    pub message: String,
    /// The change that resolves it, if there is one.
    pub remedy: Option<Remedy>,
}
