//! The names by which requests ask for the model and its adapters.

use std::collections::HashSet;

use playground::BASE;
use schema::{Result, TableName};
use serde::Serialize;
use store::Store;

/// A model or an adapter that is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ServedModel {
    /// The name to ask for.
    pub name: String,
    /// The id of the adapter; none for the model without one.
    pub adapter_id: Option<String>,
}

impl ServedModel {
    /// Its name towards the worker.
    pub(crate) fn target(&self) -> &str {
        self.adapter_id.as_deref().unwrap_or(BASE)
    }
}

/// The model and its adapters by the names of their rows. A name that another has already gets the first
/// characters of its id behind it.
pub(crate) async fn served(store: &Store, model: &str, adapters: &[String]) -> Result<Vec<ServedModel>> {
    let mut rows = vec![(store.get(TableName::Models, model).await?.label, model, None)];
    for id in adapters {
        rows.push((store.get(TableName::Adapters, id).await?.label, id, Some(id.clone())));
    }
    let mut taken = HashSet::new();
    let mut served = Vec::new();
    for (label, id, adapter_id) in rows {
        let label = label.trim().to_owned();
        let with_id = |length: usize| format!("{label}-{}", id.chars().take(length).collect::<String>());
        let names = [label.clone(), with_id(8), with_id(usize::MAX)];
        let free = names.into_iter().find(|name| !name.is_empty() && !taken.contains(name));
        let name = free.unwrap_or_else(|| id.to_owned());
        taken.insert(name.clone());
        served.push(ServedModel { name, adapter_id });
    }
    Ok(served)
}
