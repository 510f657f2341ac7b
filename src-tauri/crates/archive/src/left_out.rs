//! What an archive does not hold although a row refers to it.

use schema::TableName;
use serde::{Deserialize, Serialize};

/// A path of a row that is not in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LeftOut {
    /// The table of the row.
    pub table: TableName,
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// The column with the path.
    pub column: String,
    /// The path, or that of something within it.
    pub location: String,
    /// Why it is left out, in a sentence.
    pub reason: String,
    /// Whether something is missing without it: the row can't be used elsewhere before it is put there.
    pub missing: bool,
}
