//! What a folder with a model or an adapter holds, from its small files and the headers of its
//! large ones. No weight is ever loaded.

mod adapter;
mod files;
mod fit;
mod header;
mod model;
mod place;

pub use adapter::AdapterFacts;
pub use fit::BaseModel;
pub use fit::misfits;
pub use header::Precision;
pub use header::Tensors;
pub use model::ModelFacts;
pub use place::{Place, PlaceState};

use std::path::Path;

use serde::Serialize;

use schema::Error;
use schema::ErrorCode;
use schema::Result;

/// What a folder is, by the files in it.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Weights {
    /// A model: it has `config.json`.
    Model(ModelFacts),
    /// A PEFT adapter: it has `adapter_config.json`.
    Adapter(AdapterFacts),
}

impl Weights {
    /// Reads what the folder holds. An adapter comes first: PEFT may leave the model's
    /// `config.json` beside it.
    pub fn read(folder: &Path) -> Result<Self> {
        if folder.join(adapter::CONFIG).exists() {
            return AdapterFacts::read(folder).map(Self::Adapter);
        }
        if folder.join(model::CONFIG).exists() {
            return ModelFacts::read(folder).map(Self::Model);
        }
        std::fs::read_dir(folder).map_err(|error| Error::file("read", folder, &error))?;
        Err(Error::new(
            ErrorCode::Invalid,
            format!(
                "{} holds neither a model ({}) nor an adapter ({}).",
                folder.display(),
                model::CONFIG,
                adapter::CONFIG
            ),
        )
        .hint("Choose the folder that holds that file itself."))
    }
}
