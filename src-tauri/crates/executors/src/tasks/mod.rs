//! Exports whose work is requests alone: tasks of this program, without a worker.
//!
//! What an export has made elsewhere is in its run folder, so that any program that supervises the run goes on with it
//! once the one with the task has ended.

mod events;
mod work;

use std::{
    collections::HashMap,
    fs::File,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hub::Hub;
use run_folder::{end_half_line, folder::RunFolder};
use schema::{Error, Result};
use serde_json::json;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::{events::Events, work::Work};
use crate::executor::WorkerState;

/// The handle of every task: which program has it is known by the lock of the folder alone.
const HANDLE: &str = "task";
/// How long the removal of what a stopped export made may take.
const REMOVAL: Duration = Duration::from_mins(1);

/// The tasks of this program.
#[derive(Debug, Clone)]
pub(crate) struct Tasks {
    hub: Hub,
    changed: Arc<Notify>,
    /// How each is stopped, by the folder of its run.
    live: Arc<Mutex<HashMap<PathBuf, CancellationToken>>>,
}

impl Tasks {
    /// `changed` is notified when a task ends.
    pub(crate) fn new(hub: Hub, changed: Arc<Notify>) -> Self {
        Self { hub, changed, live: Arc::default() }
    }

    /// Whether a run is carried out by a task.
    pub(crate) fn has(folder: &RunFolder, handle: Option<&str>) -> bool {
        match handle {
            Some(handle) => handle == HANDLE,
            None => folder.export().is_ok_and(|spec| work::takes(&spec.way)),
        }
    }

    /// Starts the task of a run, which holds the lock of the folder until its end. Returns the handle.
    pub(crate) fn start(&self, folder: &RunFolder, attempt: u32, claim: File) -> Result<String> {
        let work = Work::new(folder.export()?, folder.path().to_owned(), attempt, self.hub.clone());
        let stop = CancellationToken::new();
        self.live().insert(folder.path().to_owned(), stop.clone());
        let (tasks, folder) = (self.clone(), folder.clone());
        tokio::spawn(async move {
            if let Err(error) = carry_out(&work, &Events(folder.events()), attempt, stop).await {
                tracing::warn!("the export in {}: {error}", folder.path().display());
            }
            tasks.live().remove(folder.path());
            drop(claim);
            tasks.changed.notify_waiters();
        });
        Ok(HANDLE.to_owned())
    }

    /// How a run stands. One whose program ended before it is gone on with.
    pub(crate) fn state(&self, folder: &RunFolder, attempt: u32) -> WorkerState {
        if folder.is_claimed() {
            return WorkerState::Running { handle: HANDLE.to_owned() };
        }
        if Events(folder.events()).has_ended(attempt) {
            return WorkerState::Ended(None);
        }
        let started = match folder.claim() {
            Ok(Some(claim)) => self.start(folder, attempt, claim),
            Ok(None) => Ok(HANDLE.to_owned()),
            Err(error) => Err(error),
        };
        match started {
            Ok(handle) => WorkerState::Running { handle },
            Err(error) => WorkerState::Refused(error),
        }
    }

    /// Asks the task of a run to stop, if this program has it.
    pub(crate) fn stop(&self, folder: &RunFolder) {
        if let Some(stop) = self.live().get(folder.path()) {
            stop.cancel();
        }
    }

    fn live(&self) -> MutexGuard<'_, HashMap<PathBuf, CancellationToken>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does the work of an export, and writes how it ended.
async fn carry_out(work: &Work, events: &Events, attempt: u32, stop: CancellationToken) -> Result<()> {
    end_half_line(&events.0).map_err(|error| Error::file("write", &events.0, &error))?;
    events.send("started", json!({"attempt": attempt}))?;
    let made = tokio::select! {
        made = work.make(events) => Some(made),
        () = stop.cancelled() => None,
    };
    let end = match made {
        Some(Ok(output)) => json!({"status": "succeeded", "output": output}),
        Some(Err(error)) => json!({"status": "failed", "message": error.message, "hint": error.hint}),
        None => {
            let message = match tokio::time::timeout(REMOVAL, work.remove()).await {
                Ok(Ok(())) => "It was stopped, and nothing of it is left there.".to_owned(),
                Ok(Err(error)) => format!("It was stopped. What is there stays: {}", error.message),
                Err(_) => "It was stopped. What is there stays: the workbench does not answer.".to_owned(),
            };
            json!({"status": "stopped", "message": message})
        }
    };
    events.send("ended", end)
}
