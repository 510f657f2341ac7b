//! Searching the Hub, with what this machine and the store have of the results.

use estimate::{Fit, TrainingMemory};
use hub::{CachedKind, CachedState, FoundRepository, HubAnswer, HubKind, SearchRequest, SearchSource};
use platform::blocking;
use schema::Result;
use serde::{Deserialize, Serialize};
use store::RowKey;

use super::HubRows;

/// A repository as a search found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HubResult {
    /// What the Hub or its cache says of it.
    pub found: FoundRepository,
    /// Whether an adapter of it can be trained on this machine; none for what is no model, and where the number
    /// of parameters or the memory is not known.
    pub fit: Option<Fit>,
    /// About the memory in bytes that such a training takes.
    pub memory_bytes: Option<u64>,
    /// Whether it is in the local cache, and complete.
    pub cached: Option<CachedState>,
    /// The oldest row with its Hub name.
    pub row: Option<RowKey>,
}

/// A repository by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RepositoryName {
    /// The kind.
    pub kind: CachedKind,
    /// The name on the Hub.
    pub name: String,
}

/// What this machine and the store have of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LocalRepository {
    /// Whether it is in the local cache, and complete.
    pub cached: Option<CachedState>,
    /// The oldest row with its Hub name.
    pub row: Option<RowKey>,
}

/// A page of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HubResults {
    /// Where the results come from.
    pub source: SearchSource,
    /// Why the Hub gave no results, and what to do, where they come from the cache.
    pub answer: Option<HubAnswer>,
    /// The results: what fits the memory of this machine first, otherwise in the asked order.
    pub results: Vec<HubResult>,
    /// Where the next page begins; none after the last.
    pub next: Option<String>,
    /// The memory that models were compared with; none for datasets.
    pub memory: Option<TrainingMemory>,
}

impl HubRows<'_> {
    /// Searches the Hub, or its cache where it does not answer. See [`hub::Hub::search`].
    pub async fn search(&self, request: &SearchRequest) -> Result<HubResults> {
        let memory = async {
            match request.kind {
                HubKind::Model => Some(self.0.environment().training_memory().await),
                HubKind::Dataset => None,
            }
        };
        let (page, memory) = tokio::join!(self.0.hub.search(request), memory);
        let page = page?;
        let names = page
            .repositories
            .iter()
            .map(|found| RepositoryName { kind: found.kind, name: found.name.clone() });
        let local = self.local(names.collect()).await?;
        let mut results = Vec::new();
        for (found, LocalRepository { cached, row }) in page.repositories.into_iter().zip(local) {
            let is_model = found.kind == CachedKind::Model;
            // A model for llama.cpp alone has parameters, and no weights that can be trained.
            let parameters = found.parameters.filter(|_| is_model && found.bytes.is_some());
            let compared = memory.as_ref().zip(parameters);
            results.push(HubResult {
                fit: compared.and_then(|(memory, parameters)| memory.fit(parameters, found.bytes)),
                memory_bytes: compared
                    .map(|(memory, parameters)| memory.needed(parameters, found.bytes, false)),
                cached,
                row,
                found,
            });
        }
        // The sort is stable, so the asked order stays within each group.
        results.sort_by_key(|result| match result.fit {
            Some(Fit::Fits) => 0,
            Some(Fit::FitsQuantized) => 1,
            None => 2,
            Some(Fit::TooLarge) => 3,
        });
        Ok(HubResults { source: page.source, answer: page.answer, results, next: page.next, memory })
    }

    /// What this machine and the store have of repositories, in their order. The Hub is not asked.
    pub async fn local(&self, repositories: Vec<RepositoryName>) -> Result<Vec<LocalRepository>> {
        let (hub, names) = (self.0.hub.clone(), repositories.clone());
        let states = blocking("looking into the Hub's local cache", move || {
            let cached = |one: &RepositoryName| hub.cached_as(one.kind.on_hub(), &one.name);
            Ok(names.iter().map(|one| cached(one).map(|cached| cached.state)).collect::<Vec<_>>())
        });
        let mut local = Vec::new();
        for (one, cached) in repositories.iter().zip(states.await?) {
            local.push(LocalRepository { cached, row: self.row_of(one.kind, &one.name).await? });
        }
        Ok(local)
    }
}
