//! Carrying one transfer out, from its lock to its end.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use hub::{FetchProgress, FetchRequest, Fetched};
use jiff::Timestamp;
use platform::{FileLock, Work};
use schema::{Error, ErrorCode, Result};
use store::{StoredTransfer, TransferProgress, TransferState};
use tokio_util::sync::CancellationToken;

use crate::{
    rate::Samples,
    supervise::PULSE,
    transfer::Transfer,
    transfers::{Carried, Transfers},
};

/// The time between two records of the progress. Each is a write to the database.
const RECORD_EVERY: Duration = Duration::from_secs(1);

impl Transfers {
    /// Fetches what a running transfer names, and records how it ends. `stop` is the end of this program.
    pub(crate) async fn carry(
        &self,
        transfer: StoredTransfer,
        lock: FileLock,
        carried: Carried,
        stop: CancellationToken,
    ) {
        if let Err(error) = self.try_carry(&transfer, &stop).await {
            tracing::warn!("the transfer of {}: {error}", transfer.of.name);
        }
        drop(lock);
        drop(carried);
        if let Err(error) = self.discard_cancelled().await {
            tracing::warn!("the partial files of {}: {error}", transfer.of.name);
        }
        self.changed.notify_waiters();
    }

    async fn try_carry(&self, transfer: &StoredTransfer, stop: &CancellationToken) -> Result<()> {
        let id = &transfer.id;
        match self.fetch(transfer, stop).await {
            Ok(fetched) => {
                let text = serde_json::to_string(&fetched)
                    .map_err(|error| Error::internal("writing what was fetched", &error))?;
                self.store.note_fetched(id, &text).await
            }
            // It was paused or cancelled, or this program ends.
            Err(error) if error.code == ErrorCode::Cancelled => self.store.release_transfer(id).await,
            Err(error) => self.store.note_transfer_failed(id, &error).await,
        }
    }

    /// Fetches until all is there, the row says otherwise, or this program ends.
    async fn fetch(&self, transfer: &StoredTransfer, stop: &CancellationToken) -> Result<Fetched> {
        let of = Transfer::from_stored(transfer.clone())?.request;
        let request = FetchRequest {
            kind: of.kind,
            name: of.name,
            revision: of.revision,
            part: of.part,
            commit: transfer.progress.commit.clone(),
        };
        let latest = Arc::new(Mutex::new(None::<FetchProgress>));
        let end = stop.child_token();
        let work = Work::with_progress(end.clone(), {
            let latest = Arc::clone(&latest);
            move |progress| *latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress)
        });
        let mut fetching = pin!(self.hub.fetch(&request, &work));
        let mut samples = Samples::default();
        let mut recorded = None::<Instant>;
        let taken = || latest.lock().unwrap_or_else(PoisonError::into_inner).take();
        loop {
            let fetched = tokio::select! {
                fetched = &mut fetching => Some(fetched),
                () = tokio::time::sleep(PULSE) => None,
            };
            let is_due = recorded.is_none_or(|at| at.elapsed() >= RECORD_EVERY);
            if (is_due || fetched.is_some())
                && let Some(progress) = taken()
            {
                self.record(&transfer.id, progress, &mut samples).await;
                recorded = Some(Instant::now());
            }
            if let Some(fetched) = fetched {
                return fetched;
            }
            match self.store.transfer(&transfer.id).await {
                Ok(now) if now.state == TransferState::Running => {}
                Ok(_) => end.cancel(),
                Err(error) if error.code == ErrorCode::NotFound => end.cancel(),
                // The next look may succeed, and what was received is worth keeping.
                Err(error) => tracing::warn!("looking at the transfer of {}: {error}", request.name),
            }
        }
    }

    async fn record(&self, id: &str, progress: FetchProgress, samples: &mut Samples) {
        let now = Timestamp::now();
        let from = samples.add(now, progress.bytes);
        let stored = TransferProgress {
            commit: Some(progress.commit),
            bytes: progress.bytes,
            total: Some(progress.total),
            files: progress.files,
            of_files: Some(progress.of_files),
            rate_bytes: from.map(|(_, bytes)| bytes),
            rate_from: from.map(|(at, _)| at.to_string()),
            at: Some(now.to_string()),
        };
        if let Err(error) = self.store.note_transferred(id, &stored, progress.waiting.as_deref()).await {
            tracing::warn!("recording the progress of a transfer: {error}");
        }
    }

    /// Removes the partial files of a cancelled transfer, unless another one of the repository needs them. They stay
    /// for now while some program fetches the repository.
    pub(crate) async fn discard(&self, transfer: &StoredTransfer, lock: FileLock) -> Result<()> {
        let kind = Transfer::from_stored(transfer.clone())?.request.kind;
        let is_needed = self.store.has_other_transfer(transfer).await?;
        let is_removed = is_needed || self.hub.discard_unfinished(kind, &transfer.of.name).await?;
        if is_removed {
            self.store.note_discarded(&transfer.id).await?;
        }
        drop(lock);
        Ok(())
    }
}
