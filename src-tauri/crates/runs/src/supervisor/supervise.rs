//! The loop over all runs of a database.

use std::{collections::HashMap, time::Duration};

use platform::Work;
use run_folder::elsewhere::Elsewhere;
use schema::{ErrorCode, Result};
use store::{Run, RunState};
use tokio_util::sync::CancellationToken;

use super::{
    known_states::KnownStates,
    transition::{Transition, next_transition},
};
use crate::runs::Runs;

/// How often runs are looked at while nothing notifies of a change: another program may have
/// changed the database, or a worker may have ended that another program started.
pub(super) const PULSE: Duration = Duration::from_millis(250);

/// How long a program that ends soon waits for the answers of targets.
const ANSWER: Duration = Duration::from_secs(3);

impl Runs {
    /// Supervises all runs until `stop` is cancelled. `report` is called with every run whose state
    /// changed, whichever program changed it. Any number of programs may supervise one database.
    pub async fn supervise(&self, stop: CancellationToken, mut report: impl FnMut(Run) + Send) {
        if let Err(error) = self.sweep().await {
            tracing::warn!("removing the folders of deleted runs: {error}");
        }
        let mut known = KnownStates::new(&self.store.runs().await.unwrap_or_default());
        while !stop.is_cancelled() {
            let changed = self.changed.notified();
            if let Err(error) = self.look_at_all().await {
                tracing::warn!("supervising the runs: {error}");
            }
            match self.store.live_or_ended_since(known.ended_until()).await {
                Ok(now) => known.changes(now).into_iter().for_each(&mut report),
                Err(error) => tracing::warn!("reading the runs: {error}"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = changed => {}
                () = tokio::time::sleep(PULSE) => {}
            }
        }
    }

    /// Looks once at every active run, and starts the waiting runs for which there is room. Returns
    /// when what they need is fetched and their rows are prepared; `work` receives the progress of the latter.
    pub async fn supervise_once(&self, work: &Work) -> Result<()> {
        self.look_shortly().await?;
        for run in self.next_runs().await? {
            self.begin(&run, work).await?;
        }
        Ok(())
    }

    /// The same, but runs for which something has to be fetched or sent wait for a program that has the time.
    pub async fn supervise_shortly(&self, work: &Work) -> Result<()> {
        self.look_shortly().await?;
        for run in self.next_runs().await? {
            if run.target.is_none() && !self.lacks_something(&run).await? {
                self.begin(&run, work).await?;
            }
        }
        Ok(())
    }

    /// The same, but rows are prepared in tasks of their own, so that other runs do not wait.
    async fn look_at_all(&self) -> Result<()> {
        self.look_at_active().await?;
        for run in self.next_runs().await? {
            let runs = self.clone();
            self.preparing().insert(run.id.clone());
            tokio::spawn(async move {
                if let Err(error) = runs.begin(&run, &Work::unwatched()).await {
                    tracing::warn!("starting the run '{}': {error}", run.name);
                }
                runs.changed.notify_waiters();
            });
        }
        Ok(())
    }

    /// Looks at every active run, and again when the targets that have some of them have answered.
    async fn look_shortly(&self) -> Result<()> {
        self.look_at_active().await?;
        if self.executors.settle(ANSWER).await {
            self.look_at_active().await?;
        }
        Ok(())
    }

    async fn look_at_active(&self) -> Result<()> {
        for run in self.store.live_runs().await?.iter().filter(|run| run.state.is_active()) {
            // An error of one run must not keep the others from being looked at.
            if let Err(error) = self.look_at(run).await {
                tracing::warn!("supervising the run '{}': {error}", run.name);
            }
        }
        Ok(())
    }

    /// The waiting runs for which there is room at their places, in the order of the queue. A run whose folder
    /// is still locked by a process of an earlier attempt is passed over.
    async fn next_runs(&self) -> Result<Vec<Run>> {
        let rule = self.store.queue_rule().await?;
        if rule.paused {
            return Ok(Vec::new());
        }
        let (active, queued): (Vec<Run>, Vec<Run>) =
            self.store.live_runs().await?.into_iter().partition(|run| run.state.is_active());
        // The largest group, that of this machine, needs no list of the others.
        let is_elsewhere = queued.iter().any(|run| run.target.is_some());
        let clusters = if is_elsewhere { self.store.clusters().await? } else { Vec::new() };
        let mut taken = HashMap::<Option<String>, u32>::new();
        for run in active {
            *taken.entry(run.target).or_default() += 1;
        }
        let mut next = Vec::new();
        for run in queued {
            let has_own_queue = run.target.as_ref().is_some_and(|target| clusters.contains(target));
            let taken = taken.entry(run.target.clone()).or_default();
            let is_free = !self.preparing().contains(&run.id) && !self.folder(&run.id).is_claimed();
            if is_free && (has_own_queue || *taken < rule.at_once) {
                *taken += 1;
                next.push(run);
            }
        }
        Ok(next)
    }

    async fn look_at(&self, run: &Run) -> Result<()> {
        // The task that prepares the run also records its state.
        if run.state == RunState::Preparing && self.preparing().contains(&run.id) {
            return Ok(());
        }
        let folder = self.folder(&run.id);
        let progress = self.progress(&run.id)?;
        let executor = match self.executor(run).await {
            Err(error) if error.code == ErrorCode::NotFound => {
                let (note, hint) = (Some(error.message.as_str()), error.hint.as_deref());
                return self.store.note_ended(&run.id, RunState::Lost, note, hint).await.map(drop);
            }
            executor => executor?,
        };
        let transition = next_transition(run, &folder, &progress, &*executor, self.grace).await;
        if run.target.is_some()
            && !matches!(transition, Transition::None)
            && let Some(job) = Elsewhere::read(&folder).and_then(|known| known.job)
        {
            self.store.note_job_there(&run.id, &job).await?;
        }
        match transition {
            Transition::None => Ok(()),
            Transition::Started(handle) => self.store.note_started(&run.id, &handle).await,
            Transition::Waiting(handle) => self.store.note_waiting(&run.id, &handle).await,
            Transition::Requeued => self.store.requeue(&run.id).await,
            Transition::Ended(ended) => {
                // The worker may have written its last event after the progress was read.
                if self.progress(&run.id)?.end != progress.end {
                    return Ok(());
                }
                self.record_end(run, &folder, ended.at_home(run, &folder)).await
            }
        }
    }

    /// Deletes the rows and folders of runs whose jobs were purged, except for folders that hold an
    /// adapter of the studio.
    pub async fn sweep(&self) -> Result<()> {
        for run in self.store.orphaned_runs().await? {
            let folder = self.folder(&run.id);
            let inside = format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR);
            if !self.store.is_place_of_adapter(&inside).await? && !folder.is_claimed() {
                folder.remove()?;
            }
            self.store.forget_run(&run.id).await?;
        }
        Ok(())
    }
}
