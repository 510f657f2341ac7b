//! What an export writes.

use serde::{Deserialize, Serialize};

use super::{GgufSettings, MergeSettings, OllamaSettings};

/// What an export writes, with its settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "way", content = "settings", rename_all = "snake_case")]
pub enum Way {
    /// A full model folder, of a base model and an adapter.
    Merge(MergeSettings),
    /// One file for llama.cpp and programs built on it.
    Gguf(GgufSettings),
    /// A folder from which Ollama makes a model.
    Ollama(OllamaSettings),
}

impl Way {
    /// Its name in `job.json` and in the store.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Merge(_) => "merge",
            Self::Gguf(_) => "gguf",
            Self::Ollama(_) => "ollama",
        }
    }
}
