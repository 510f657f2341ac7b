//! What a folder with a model or an adapter contains, read from its configuration files and from the
//! headers of its safetensors files. Weights are never loaded.
//!
//! May use: `schema`; `platform` for folder sizes; `resources` to match adapters to models.

mod adapter;
mod files;
mod fit;
mod header;
mod model;
mod modules;
mod place;

pub use adapter::AdapterFacts;
pub use fit::{BaseModel, misfits};
pub use header::{Precision, Tensors};
pub use model::ModelFacts;
pub use modules::{Architecture, Modules, Trained};
pub use place::{Place, PlaceState};

use std::path::Path;

use schema::{Error, ErrorCode, Result};
use serde::Serialize;

use files::{ADAPTER_CONFIG, MODEL_CONFIG};

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
    pub fn read(folder: &Path) -> Result<Self> {
        if folder.join(ADAPTER_CONFIG).exists() {
            return AdapterFacts::read(folder).map(Self::Adapter);
        }
        if folder.join(MODEL_CONFIG).exists() {
            return ModelFacts::read(folder).map(Self::Model);
        }
        std::fs::read_dir(folder).map_err(|error| Error::file("read", folder, &error))?;
        Err(Error::new(
            ErrorCode::Invalid,
            format!(
                "{} contains neither a model ({}) nor an adapter ({}).",
                folder.display(),
                MODEL_CONFIG,
                ADAPTER_CONFIG
            ),
        )
        .hint("Choose the folder that contains this file."))
    }
}
