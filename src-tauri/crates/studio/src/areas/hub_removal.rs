//! Removing repositories from the local cache of the Hub, and what uses them.

use std::path::Path;

use hub::{Cached, HubKind, Removed};
use platform::{blocking, disk::format_bytes};
use schema::{Error, ErrorCode, Result};
use serde::Serialize;
use store::{RepositoryUse, TransferState};

use super::HubRows;

/// A run that uses a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RunUse {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A repository in the local cache and what uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct CacheUse {
    /// The repository.
    pub repository: Cached,
    /// The rows with its name, or with a location in its folder. They stay when it is removed.
    pub rows: Vec<RepositoryUse>,
    /// The runs that have not ended and use it. It is not removed before they end.
    pub runs: Vec<RunUse>,
    /// The transfers of it that wait, run or are paused. It is not removed before they end.
    pub transfers: Vec<TransferUse>,
    /// Whether Try it or Serve of some program of the studio has loaded it. What other programs read is not known.
    pub is_loaded: bool,
}

/// A transfer of a repository that has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TransferUse {
    /// Its id.
    pub id: String,
    /// Its state.
    pub state: TransferState,
}

impl CacheUse {
    /// Why the repository can't be removed now; none where it can.
    pub fn refusal(&self) -> Option<Error> {
        let name = &self.repository.name;
        let in_use = |message: String, hint: &str| Some(Error::new(ErrorCode::InUse, message).hint(hint));
        if let Some(run) = self.runs.first() {
            let message = format!("{name} is used by the run '{}', which has not ended.", run.name);
            return in_use(message, "Wait for its end, or stop it first.");
        }
        if let Some(transfer) = self.transfers.first() {
            let state = transfer.state.into_str();
            return in_use(
                format!("A transfer of {name} is {state}."),
                "Wait for its end, or cancel it first.",
            );
        }
        if self.is_loaded {
            return in_use(format!("{name} is loaded by Try it or Serve."), "Unload it there first.");
        }
        None
    }
}

impl HubRows<'_> {
    /// What uses a repository of the local cache. Without a kind, the name must be of one repository only.
    ///
    /// # Errors
    ///
    /// If the cache has no such repository, or a model and a dataset with that name and no kind is given.
    pub async fn uses(&self, kind: Option<HubKind>, name: &str) -> Result<CacheUse> {
        let repository = self.cached_named(kind, name).await?;
        let kind = repository.kind.on_hub();
        let folder = self.0.hub.repository_folder(kind, &repository.name);
        let is_dataset = kind == HubKind::Dataset;
        let rows = self.0.store.rows_of_repository(is_dataset, &repository.name, &folder).await?;
        let runs = self.0.runs().live_runs_of(&repository.name, &folder).await?;
        let runs = runs.into_iter().map(|run| RunUse { id: run.id, name: run.name }).collect();
        let all = self.0.transfers().list().await?.into_iter();
        let of_it = all.filter(|transfer| {
            let of = &transfer.request;
            of.kind.on_hub() == kind && of.name == repository.name && !transfer.state.has_ended()
        });
        let transfers =
            of_it.map(|transfer| TransferUse { id: transfer.id, state: transfer.state }).collect();
        let is_loaded = self.0.hub.is_held(kind, &repository.name)?;
        Ok(CacheUse { repository, rows, runs, transfers, is_loaded })
    }

    /// Removes a repository from the local cache.
    ///
    /// # Errors
    ///
    /// As for [`Self::uses`]; if a run or a transfer that has not ended uses it, a program of the studio has loaded
    /// it, or a file of it is being fetched.
    pub async fn remove(&self, kind: Option<HubKind>, name: &str) -> Result<Removed> {
        let uses = self.uses(kind, name).await?;
        if let Some(refusal) = uses.refusal() {
            return Err(refusal);
        }
        let (hub, repository) = (self.0.hub.clone(), uses.repository);
        blocking("removing from the Hub's local cache", move || {
            hub.remove_cached(repository.kind.on_hub(), &repository.name)
        })
        .await
    }

    async fn cached_named(&self, kind: Option<HubKind>, name: &str) -> Result<Cached> {
        let (hub, name) = (self.0.hub.clone(), name.trim().to_owned());
        blocking("looking into the Hub's local cache", move || {
            let kinds = [HubKind::Model, HubKind::Dataset];
            let kinds = kinds.into_iter().filter(|one| kind.is_none_or(|kind| kind == *one));
            let mut found: Vec<Cached> = kinds.filter_map(|kind| hub.cached_as(kind, &name)).collect();
            match (found.pop(), found.pop()) {
                (Some(one), None) => Ok(one),
                (None, _) => Err(not_cached(&name, &hub.cache_folder())),
                (Some(dataset), Some(model)) => {
                    let [model, dataset] = [model, dataset].map(|cached| format_bytes(cached.bytes));
                    let message = format!(
                        "The Hub's local cache has a model {name} ({model}) and a dataset of that name ({dataset})."
                    );
                    Err(Error::new(ErrorCode::Invalid, message).hint("Say which of them is meant."))
                }
            }
        })
        .await
    }
}

fn not_cached(name: &str, cache: &Path) -> Error {
    Error::new(ErrorCode::NotFound, format!("The Hub's local cache has nothing with the name {name}."))
        .hint(format!("The cache is {}.", cache.display()))
}
