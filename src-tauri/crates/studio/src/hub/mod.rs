//! The Hugging Face hub: what of it is on this machine.

mod cache;
mod environment;

pub use cache::{Cached, CachedKind};
pub use environment::Environment;
pub(crate) use environment::{is_name, name_in_path};

use std::path::PathBuf;

use crate::error::Result;

/// The hub as this machine sees it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub {
    environment: Environment,
}

impl Hub {
    /// The hub as an environment describes it.
    pub fn new(environment: Environment) -> Self {
        Self { environment }
    }

    /// The folder of the local cache, which need not be there.
    pub fn cache_folder(&self) -> PathBuf {
        self.environment.hub_cache()
    }

    /// What is in the local cache, the last used first.
    pub fn cached(&self) -> Result<Vec<Cached>> {
        cache::list(&self.cache_folder())
    }

    /// The folder with a model's or an adapter's files, if they are in the local cache.
    pub fn cached_model(&self, name: &str) -> Option<PathBuf> {
        cache::find(&self.cache_folder(), "models", name)
    }
}
