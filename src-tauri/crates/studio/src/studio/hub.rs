//! The Hugging Face hub and its local cache.

use std::collections::HashMap;

use serde::Serialize;

use super::Studio;
use crate::{
    error::Result,
    hub::{Cached, CachedKind},
    resources::TableName,
    store::row_named,
    weights::reading,
};

/// What is in the local cache of the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct HubCache {
    /// The folder of the cache, which need not be there.
    pub folder: String,
    /// What is in it, the last used first.
    pub repositories: Vec<Cached>,
    /// The ids of rows that are here under the same hub name, by the repository's folder.
    pub registered: HashMap<String, String>,
}

impl Studio {
    /// Lists the local cache of the hub.
    pub async fn hub_cache(&self) -> Result<HubCache> {
        let hub = self.hub.clone();
        let repositories = reading(move || hub.cached()).await?;
        let mut database = self.store.pool().acquire().await?;
        let mut registered = HashMap::new();
        for repository in &repositories {
            let (table, column) = match repository.kind {
                CachedKind::Model => (TableName::Models, "huggingface_model_name"),
                CachedKind::Adapter => (TableName::Adapters, "huggingface_name"),
                CachedKind::Dataset => (TableName::Datasets, "huggingface_name"),
            };
            let row = row_named(&mut database, table.table(), column, &repository.name).await?;
            if let Some(id) = row.as_ref().and_then(|row| row.get("id")).and_then(|id| id.as_str()) {
                registered.insert(repository.folder.clone(), id.to_owned());
            }
        }
        Ok(HubCache { folder: self.hub.cache_folder().display().to_string(), repositories, registered })
    }
}
