//! Where a worker loads a model or an adapter from.

use serde::{Deserialize, Serialize};

/// A model or an adapter, and where it is loaded from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Source {
    /// The id of its row.
    pub id: String,
    /// The label of its row when the job was started.
    pub name: String,
    /// A folder, or a name on the Hugging Face Hub.
    pub source: String,
    /// The commit of the Hub to load, where another machine loads it by its name; none for its newest, or a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", specta(optional))]
    pub revision: Option<String>,
}

impl Source {
    /// A model or an adapter with its label, in a folder or by its name on the Hub.
    pub fn new(id: &str, name: &str, source: String) -> Self {
        Self { id: id.to_owned(), name: name.to_owned(), source, revision: None }
    }
}
