//! Settings of a publication on the Hugging Face Hub.

use serde::{Deserialize, Serialize};

/// What is published on the Hub, where, and with which card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PublishSettings {
    /// The repository, as organization/name. It is made if it is not there.
    pub repository: String,
    /// Whether only its owners see it.
    #[serde(default = "yes")]
    pub private: bool,
    /// The branch.
    #[serde(default = "main_branch")]
    pub revision: String,
    /// What is sent.
    pub what: Published,
    /// The card; none for the one that is made of the rows.
    #[serde(default)]
    pub card: Option<String>,
    /// The message of the commit; none for one with the name of the run.
    #[serde(default)]
    pub message: Option<String>,
    /// The name of the base model on the Hub; none for the one that the rows say.
    #[serde(default)]
    pub base_model: Option<String>,
}

/// What is published of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Published {
    /// The adapter alone.
    Adapter,
    /// The base model with the adapter merged into it.
    Merged,
    /// The model.
    Model,
    /// The dataset.
    Dataset,
}

fn yes() -> bool {
    true
}

fn main_branch() -> String {
    "main".to_owned()
}
