//! The end of a worker there.

use std::time::Duration;

use compute::Keep;
use run_folder::{EndStatus, elsewhere::Phase, progress::RunProgress};
use schema::{Error, ErrorCode, Result};

use super::{mirror::Mirror, watched::RUNS};
use crate::WorkerState;

/// The file in a run's folder there that says that its results are here, with the id of the target by which it ran:
/// another studio has other rules.
const HOME: &str = ".results-fetched";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Mirror {
    /// Brings all that belongs to a run whose worker has ended.
    pub(super) async fn end(&self, exit: Option<i32>, why: Option<String>) -> Result<WorkerState> {
        self.watched.set_started(false);
        self.catch_up().await;
        self.watched.set_complete();
        let succeeded = self.has_succeeded();
        if succeeded {
            match self.fetch_results(true).await {
                Err(error) if error.code == ErrorCode::Cancelled => {
                    return Ok(self.left_there("Fetching its results was stopped."));
                }
                Err(error) if error.code == ErrorCode::Conflict => {
                    return Ok(self.left_there(&error.message));
                }
                fetched => fetched?,
            }
        } else if let Err(error) = self.fetch_results(false).await {
            // They are parts that a retry replaces.
            tracing::debug!("the unfinished results of '{}': {error}", self.watched.run);
        }
        let ended = why.filter(|_| !succeeded);
        self.done(ended.clone())?;
        // Only now, so that a program that ends meanwhile has nothing logged twice.
        self.log_here().await;
        if succeeded {
            self.clean().await;
        }
        let exit = exit.filter(|exit| *exit != 0);
        let status = exit.map(|exit| match exit {
            ..0 => format!("signal {}", exit.unsigned_abs()),
            _ => format!("exit code {exit}"),
        });
        Ok(ended.map_or(WorkerState::Ended(status), WorkerState::Vanished))
    }

    /// Nothing of the run is left there.
    pub(super) async fn folder_gone(&self) -> Result<WorkerState> {
        self.watched.set_started(false);
        let name = &self.line.target.name;
        let why = format!("Its folder on {name} is gone.");
        self.done(Some(why.clone()))?;
        self.log_here().await;
        if self.has_succeeded() {
            let message = format!("It succeeded, but its folder on {name} is gone, with its results.");
            return Err(Error::new(ErrorCode::NotFound, message).hint("Retry carries it out once more."));
        }
        Ok(WorkerState::Vanished(why))
    }

    fn done(&self, ended: Option<String>) -> Result<()> {
        self.watched.record(|known| {
            known.phase = Phase::Done;
            known.ended = ended;
            known.reason = None;
            known.left_there = None;
            // That it ended is an answer, which may have come before the mark was looked at again.
            (known.unreachable_since, known.unreachable_why) = (None, None);
        })
    }

    fn left_there(&self, why: &str) -> WorkerState {
        let name = &self.line.target.name;
        let place = format!("{}/{}", self.line.target.settings.folder, self.watched.there);
        WorkerState::LeftThere(format!("{why} The results are still on {name}, in {place}."))
    }

    /// Whether the worker said that it succeeded.
    fn has_succeeded(&self) -> bool {
        let mut progress = RunProgress::default();
        let read = progress.catch_up(&self.watched.folder.events());
        let end = progress.end_of(self.watched.attempt).map(|end| end.status);
        read.is_ok() && end == Some(EndStatus::Succeeded)
    }

    /// Removes what the target's rule says of this run and of earlier ones of this studio. If that fails, nothing is
    /// lost but room there.
    async fn clean(&self) {
        let target = &self.line.target;
        let keep = target.settings.options.keep().unwrap_or(Keep::Everything);
        if let Err(error) = self.clean_by(keep).await {
            tracing::warn!("removing '{}' on {}: {error}", self.watched.there, target.name);
        }
    }

    async fn clean_by(&self, keep: Keep) -> Result<()> {
        let (place, there, id) = (&self.line.place, &self.watched.there, &self.line.target.id);
        if keep == Keep::Nothing {
            place.remove(there).await?;
        } else {
            // From its time on the days are counted, whatever the rule is then.
            place.mark(there, HOME, id).await?;
        }
        let days = match keep {
            Keep::Nothing => 0,
            Keep::Days(days) => days,
            Keep::Everything => return Ok(()),
        };
        let removed = place.sweep(RUNS, HOME, id, DAY * days).await?;
        if !removed.is_empty() {
            tracing::info!("removed on {}: {}", self.line.target.name, removed.join(", "));
        }
        Ok(())
    }
}
