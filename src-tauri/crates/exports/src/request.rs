//! What a user asks for.

use run_folder::export::Way;
use serde::{Deserialize, Serialize};
use store::RowKey;

/// An export that a user asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ExportRequest {
    /// The row that is exported: a model or an adapter.
    pub source: RowKey,
    /// The id of the model to use as the base of the adapter; none for the adapter's own.
    #[serde(default)]
    pub base: Option<String>,
    /// What the run and the result are called; none for a name made of that of the row.
    #[serde(default)]
    pub name: Option<String>,
    /// The folder or the file to write, which must not exist yet.
    #[serde(default)]
    pub to: Option<String>,
    /// The compute target that carries it out, by its id or its name; none for this machine.
    #[serde(default)]
    pub target: Option<String>,
    /// What is written, and how.
    #[serde(flatten)]
    pub way: Way,
}
