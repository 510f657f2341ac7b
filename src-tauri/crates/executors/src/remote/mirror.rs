//! Looks after one run on a target, from sending what it needs to bringing its results.

use std::{convert::Infallible, fs::File, sync::Arc, time::Duration};

use compute::Condition;
use hub::Hub;
use python::Python;
use run_folder::elsewhere::{Elsewhere, Phase};
use schema::{Error, ErrorCode, Result};
use tokio::{sync::Notify, time::sleep};

use super::{
    job::Job,
    line::{AGAIN, Line},
    variables::WorkerVariables,
    watched::{Watched, Wish},
};
use crate::WorkerState;

/// How often what is known of a run is written, if it changed.
const WRITE: Duration = Duration::from_millis(300);

/// Where to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// With sending what the run needs.
    Send,
    /// With a look at what is there: another program has sent it.
    Adopt,
}

/// Looks after one run.
pub(super) struct Mirror {
    pub(super) line: Line,
    pub(super) watched: Arc<Watched>,
    pub(super) python: Python,
    pub(super) hub: Hub,
    pub(super) changed: Arc<Notify>,
    pub(super) look: Arc<Notify>,
    pub(super) grace: Duration,
}

impl Mirror {
    /// Looks after the run until its end is known and its results are here. Holds the lock of its folder so long.
    pub(super) async fn run(self, begin: Begin, claim: File) {
        let end = tokio::select! {
            end = self.to_its_end(begin) => end,
            never = self.keep_written() => match never {},
        };
        self.watched.set_started(false);
        self.watched.set_state(end.unwrap_or_else(WorkerState::Refused));
        if let Err(error) = self.watched.write() {
            tracing::warn!("{error}");
        }
        drop(claim);
        self.watched.settle();
        self.changed.notify_waiters();
    }

    async fn to_its_end(&self, begin: Begin) -> Result<WorkerState> {
        let variables = WorkerVariables::new(&self.hub, &Job::read(&self.watched.folder)?).await?;
        let hidden = variables.hidden();
        if begin == Begin::Send {
            match self.send_and_start(variables).await {
                Err(error) if error.code == ErrorCode::Cancelled => return Ok(WorkerState::NotStarted),
                started => started?,
            }
        }
        self.watched.set_started(true);
        self.look.notify_one();
        tokio::select! {
            end = self.until_ended() => end,
            never = self.copy_files(&hidden) => match never {},
            never = self.deliver_stops() => match never {},
        }
    }

    /// Waits for the end of the worker, while it is noted how it stands.
    async fn until_ended(&self) -> Result<WorkerState> {
        let mut conditions = self.watched.conditions();
        loop {
            if conditions.changed().await.is_err() {
                // The sender belongs to what is watched, so this can't be.
                return Ok(WorkerState::Unknown);
            }
            let condition = conditions.borrow_and_update().clone();
            match condition {
                None => {}
                Some(Condition::Waiting { handle, reason, place, starts_at }) => {
                    self.watched.note(|known| {
                        known.phase = Phase::Waiting;
                        self.note_handle(known, &handle);
                        (known.reason, known.place, known.starts_at) = (reason, place, starts_at);
                    });
                    self.now_in(WorkerState::Waiting { handle });
                }
                Some(Condition::Running { handle }) => {
                    self.watched.note(|known| {
                        known.phase = Phase::Running;
                        self.note_handle(known, &handle);
                        (known.reason, known.place, known.starts_at) = (None, None, None);
                    });
                    if self.watched.state() == WorkerState::Unknown {
                        self.catch_up().await;
                    }
                    self.now_in(WorkerState::Running { handle });
                }
                Some(Condition::NotStarted) => return Ok(WorkerState::NotStarted),
                Some(Condition::Ended { exit, why }) => return self.end(exit, why).await,
                // It may have done its work before.
                Some(Condition::Vanished(why)) => return self.end(None, Some(why)).await,
                Some(Condition::FolderGone) => return self.folder_gone().await,
            }
        }
    }

    fn note_handle(&self, known: &mut Elsewhere, handle: &str) {
        known.job = self.line.place.job(handle).map(str::to_owned);
        known.handle = Some(handle.to_owned());
    }

    fn now_in(&self, state: WorkerState) {
        if self.watched.state() != state {
            self.watched.set_state(state);
            self.changed.notify_waiters();
        }
        self.watched.settle();
    }

    /// Asks until there is an answer. An error if the run's end is asked for before, where that matters.
    pub(super) async fn until_answered<T, A>(
        &self,
        is_stoppable: bool,
        mut ask: impl FnMut() -> A,
    ) -> Result<T>
    where
        A: Future<Output = Result<T>>,
    {
        loop {
            let answer = tokio::select! {
                answer = ask() => answer,
                () = self.watched.until_wished(Wish::Stop), if is_stoppable => return Err(Error::cancelled()),
            };
            match answer {
                Err(error) if self.line.is_silence(&error, self.watched.elsewhere().phase) => {
                    self.watched.doubt(&error);
                    tokio::select! {
                        () = sleep(AGAIN) => {}
                        () = self.watched.until_wished(Wish::Stop), if is_stoppable => {
                            return Err(Error::cancelled());
                        }
                    }
                }
                answer => {
                    self.watched.no_doubt();
                    return answer;
                }
            }
        }
    }

    /// Writes what is known of the run, with the mark that the target can't be reached, whenever that changed.
    async fn keep_written(&self) -> Infallible {
        loop {
            let silence = self.line.place.silence().or_else(|| self.watched.doubted());
            if silence.is_some() {
                self.watched.settle();
            }
            let (since, why) = silence.unzip();
            self.watched.note(|known| (known.unreachable_since, known.unreachable_why) = (since, why));
            if let Err(error) = self.watched.write() {
                tracing::warn!("writing how far a run is: {error}");
            }
            sleep(WRITE).await;
        }
    }
}
