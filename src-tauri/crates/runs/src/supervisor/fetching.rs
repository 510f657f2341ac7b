//! Fetching what a run needs, before its rows are prepared.

use std::time::Duration;

use platform::Work;
use schema::{Error, ErrorCode, Result};
use store::{Run, TransferState};
use tokio_util::sync::CancellationToken;
use transfers::{Transfer, TransferRequest};

use super::supervise::PULSE;
use crate::{needed::Needed, runs::Runs};
use run_folder::folder::RunFolder;

/// The end of a run that was stopped meanwhile.
pub(super) const WHILE_FETCHING: &str =
    "It was stopped while what it needs was fetched. What was received is kept.";

/// How often a transfer is looked at that a person paused.
const WHILE_PAUSED: Duration = Duration::from_secs(1);

impl Runs {
    /// Fetches what a run needs and freezes its job again, with what follows from the files. Does nothing where all
    /// of it is here. Returns false if `work` was cancelled before.
    ///
    /// # Errors
    /// Something can't be fetched, the run was asked to stop, or it can't be started with these files.
    pub(super) async fn fetch_needed(&self, run: &Run, folder: &RunFolder, work: &Work) -> Result<bool> {
        let Some(needed) = Needed::read(folder)? else { return Ok(true) };
        let stop = CancellationToken::new();
        let fetched = tokio::select! {
            fetched = self.fetch_all(run, &needed, &stop) => fetched,
            stopped = self.until_stopped(run) => Err(stopped),
            () = work.stopped() => return Ok(false),
        };
        if let Err(error) = fetched {
            if error.message == WHILE_FETCHING {
                self.pause_fetches(run, &needed).await?;
            }
            return Err(error);
        }
        self.freeze_again(folder, &needed).await?;
        Needed::remove(folder)?;
        Ok(true)
    }

    /// Whether something has to be fetched for a run that is not here yet.
    pub(super) async fn lacks_something(&self, run: &Run) -> Result<bool> {
        let Some(needed) = Needed::read(&self.folder(&run.id))? else { return Ok(false) };
        let all = self.transfers_of(&run.id).await?;
        let done = all.iter().filter(|transfer| transfer.state == TransferState::Done);
        Ok(done.count() < needed.fetches.len())
    }

    async fn fetch_all(&self, run: &Run, needed: &Needed, stop: &CancellationToken) -> Result<()> {
        let mut transfers = Vec::new();
        for request in &needed.fetches {
            transfers.push(self.transfers.add(request, Some(&run.id)).await?);
        }
        for transfer in transfers {
            loop {
                let settled = self.transfers.until_settled(&transfer.id, stop, |_| {}).await?;
                match settled.state {
                    TransferState::Done => break,
                    TransferState::Failed => {
                        return Err(settled.error().unwrap_or_else(Error::cancelled));
                    }
                    TransferState::Cancelled => {
                        let message = format!("The transfer of {} was cancelled.", settled.request.name);
                        let error = Error::new(ErrorCode::NotFound, message);
                        return Err(error.hint("Retry fetches it again."));
                    }
                    _ => tokio::time::sleep(WHILE_PAUSED).await,
                }
            }
        }
        Ok(())
    }

    /// Waits until any program asks the run to stop.
    async fn until_stopped(&self, run: &Run) -> Error {
        loop {
            tokio::time::sleep(PULSE).await;
            match self.is_to_stop(&run.id).await {
                Ok(true) => return Error::new(ErrorCode::Cancelled, WHILE_FETCHING),
                Ok(false) => {}
                Err(error) => tracing::warn!("looking whether '{}' is to stop: {error}", run.name),
            }
        }
    }

    /// Pauses the transfers that were queued for a run, unless another one needs them.
    async fn pause_fetches(&self, run: &Run, needed: &Needed) -> Result<()> {
        let mut by_others: Vec<TransferRequest> = Vec::new();
        for other in self.store.live_runs().await?.iter().filter(|other| other.id != run.id) {
            by_others.extend(Needed::read(&self.folder(&other.id))?.into_iter().flat_map(|n| n.fetches));
        }
        for transfer in self.transfers.list().await? {
            let is_own = transfer.run.as_ref() == Some(&run.id) && needed.fetches.contains(&transfer.request);
            if is_own && transfer.state.is_live() && !by_others.contains(&transfer.request) {
                self.transfers.pause(&transfer.id).await?;
            }
        }
        Ok(())
    }

    /// The transfers that the run with that id waits for.
    pub async fn transfers_of(&self, run: &str) -> Result<Vec<Transfer>> {
        let Some(needed) = Needed::read(&self.folder(run))? else { return Ok(Vec::new()) };
        let all = self.transfers.list().await?;
        Ok(all.into_iter().filter(|transfer| needed.fetches.contains(&transfer.request)).collect())
    }
}
