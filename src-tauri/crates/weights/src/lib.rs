//! What a folder with a model or an adapter contains, read from its configuration files and from the
//! headers of its safetensors files. Weights are never loaded.
//!
//! May use: `schema`; `platform` for folder sizes; `resources` to match adapters to models.

mod adapter;
mod base;
mod chat_template;
mod config;
mod files;
mod fit;
mod header;
mod json;
mod layers;
mod model;
mod modules;
mod other_formats;
mod parts;
mod place;
mod pytorch;
mod quantization;
mod recognize;
mod sizes;
mod snapshot;
mod targets;
mod tensors;
mod tokenizer;
mod words;

pub use adapter::AdapterFacts;
pub use base::BaseModel;
pub use chat_template::{FoundTemplate, chat_template, special_tokens};
pub use fit::misfits;
pub use model::ModelFacts;
pub use modules::{Architecture, Inputs, Modules, Trained};
pub use place::{Place, PlaceState};
pub use quantization::{BITSANDBYTES, asks_for_quantization};
pub use snapshot::snapshot_of;
pub use tensors::{Precision, Tensors};
pub use tokenizer::slow_tokenizer;

use std::path::Path;

use schema::{Error, ErrorCode, Result};
use serde::Serialize;

use files::{ADAPTER_CONFIG, MODEL_CONFIG, names};
use parts::WeightFiles;
use recognize::neither;

/// The content of a folder, by its files.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Weights {
    /// A model: it has `config.json`.
    Model(ModelFacts),
    /// A PEFT adapter: it has `adapter_config.json`.
    Adapter(AdapterFacts),
}

impl Weights {
    /// Reads a folder. If it has both configurations it is an adapter, because PEFT may copy the model's
    /// `config.json` into it.
    ///
    /// # Errors
    /// The folder has neither, or a configuration that can't be parsed. The message says what the folder
    /// has instead.
    pub fn read(folder: &Path) -> Result<Self> {
        if folder.is_file() {
            return Err(Error::new(ErrorCode::Invalid, format!("{} is a file.", folder.display()))
                .hint("Choose the folder that contains it."));
        }
        let present = names(folder)?;
        let has = |name: &str| present.iter().any(|file| file == name);
        if has(ADAPTER_CONFIG) {
            AdapterFacts::read(folder).map(Self::Adapter)
        } else if has(MODEL_CONFIG) {
            ModelFacts::read(folder).map(Self::Model)
        } else {
            Err(neither(folder, &present))
        }
    }
}

/// The weights that the folder of a model or an adapter lacks, by the names of its files; no header is
/// read. A folder without a configuration, or with weights of another form, lacks none.
pub fn missing_weights(folder: &Path) -> Vec<String> {
    let Ok(present) = names(folder) else { return Vec::new() };
    let has = |name: &str| present.iter().any(|file| file == name);
    let files = if has(ADAPTER_CONFIG) {
        WeightFiles::ADAPTER
    } else if has(MODEL_CONFIG) {
        WeightFiles::MODEL
    } else {
        return Vec::new();
    };
    match files.find(folder, &present) {
        Some(parts) => parts.missing,
        None if other_formats::described(&present, &files.single()).is_some() => Vec::new(),
        None => vec![files.single()],
    }
}
