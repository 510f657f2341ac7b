//! What all operations on transfers share, and what people ask of them.

use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hub::Hub;
use platform::FileLock;
use schema::{Error, Result};
use store::{Store, TransferRule};
use tokio::sync::{Mutex as AsyncMutex, Notify};

use crate::transfer::{Transfer, TransferRequest};

/// The ids of transfers that this program carries out.
type Ids = Arc<Mutex<HashSet<String>>>;

/// A transfer that this program carries out, until this is dropped.
#[derive(Debug)]
pub(crate) struct Carried {
    id: String,
    here: Ids,
}

impl Drop for Carried {
    fn drop(&mut self) {
        ids(&self.here).remove(&self.id);
    }
}

fn ids(here: &Ids) -> MutexGuard<'_, HashSet<String>> {
    here.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The transfers of a store. Cheap to clone; clones share what they carry out.
#[derive(Debug, Clone)]
pub struct Transfers {
    pub(crate) store: Store,
    pub(crate) hub: Hub,
    /// Notified when a transfer changed or should be looked at.
    pub(crate) changed: Arc<Notify>,
    here: Ids,
    /// Held by what supervises in this program.
    pub(crate) turn: Arc<AsyncMutex<()>>,
}

impl Transfers {
    /// The transfers of a store, from this hub.
    pub fn new(store: Store, hub: Hub) -> Self {
        Self { store, hub, changed: Arc::default(), here: Arc::default(), turn: Arc::default() }
    }

    /// Queues a transfer. One of the same files that is queued or running goes on; any other begins again, and
    /// what is in the cache is not fetched again. `run` is the run that waits for it.
    ///
    /// # Errors
    /// The name is none of the Hub, or the program is set to work offline.
    pub async fn add(&self, request: &TransferRequest, run: Option<&str>) -> Result<Transfer> {
        let new = request.to_new(run);
        self.hub.check_fetch(&new.name)?;
        let added = self.store.add_transfer(&new).await?;
        self.changed.notify_waiters();
        Transfer::from_stored(added)
    }

    /// All transfers: those that have not ended in the order of the queue, then the others, the newest first.
    pub async fn list(&self) -> Result<Vec<Transfer>> {
        self.store.transfers().await?.into_iter().map(Transfer::from_stored).collect()
    }

    /// One transfer, by its id, or by the name of its repository if there is one transfer of that name.
    pub async fn get(&self, id: &str) -> Result<Transfer> {
        Transfer::from_stored(self.store.transfer(id).await?)
    }

    /// Pauses a transfer, whichever program carries it out. What was received is kept.
    pub async fn pause(&self, id: &str) -> Result<Transfer> {
        let paused = self.store.pause_transfer(id).await?;
        self.changed.notify_waiters();
        Transfer::from_stored(paused)
    }

    /// Queues a transfer again that was paused or cancelled, or failed.
    pub async fn resume(&self, id: &str) -> Result<Transfer> {
        let resumed = self.store.resume_transfer(id).await?;
        self.changed.notify_waiters();
        Transfer::from_stored(resumed)
    }

    /// Cancels a transfer, whichever program carries it out, and removes its partial files unless another transfer
    /// of the repository needs them.
    pub async fn cancel(&self, id: &str) -> Result<Transfer> {
        let cancelled = self.store.cancel_transfer(id).await?;
        self.changed.notify_waiters();
        self.discard_cancelled().await?;
        Transfer::from_stored(cancelled)
    }

    /// Removes ended transfers from the list: that one, or all. What they fetched stays in the cache.
    pub async fn forget(&self, id: Option<&str>) -> Result<()> {
        for id in self.store.forget_transfers(id).await? {
            let lock = self.lock_file(&id);
            if let Err(error) = std::fs::remove_file(&lock)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!("{}: {error}", lock.display());
            }
        }
        Ok(())
    }

    /// The rule by which transfers are started.
    pub async fn rule(&self) -> Result<TransferRule> {
        self.store.transfer_rule().await
    }

    /// Sets the rule by which transfers are started.
    pub async fn set_rule(&self, rule: TransferRule) -> Result<()> {
        self.store.set_transfer_rule(rule).await?;
        self.changed.notify_waiters();
        Ok(())
    }

    /// The lock of a transfer, which the program holds that carries it out; none while another one does.
    pub(crate) fn lock(&self, id: &str) -> Result<Option<FileLock>> {
        let path = self.lock_file(id);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
        }
        FileLock::try_exclusive(&path)
    }

    fn lock_file(&self, id: &str) -> PathBuf {
        self.store.path().with_file_name("transfers").join(format!("{id}.lock"))
    }

    /// Whether this program carries a transfer out.
    pub fn is_carried_here(&self, id: &str) -> bool {
        ids(&self.here).contains(id)
    }

    pub(crate) fn carried(&self, id: &str) -> Carried {
        ids(&self.here).insert(id.to_owned());
        Carried { id: id.to_owned(), here: Arc::clone(&self.here) }
    }
}
