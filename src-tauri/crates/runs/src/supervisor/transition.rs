//! The next state of an active run, by what its worker, its lock and its events say. Every step can
//! be repeated and interrupted, because several programs may supervise the same runs.

use std::{path::Path, time::Duration};

use executors::{Executor, WorkerState};
use store::{Run, RunState};

use crate::grace::GracePeriods;
use run_folder::{
    EndStatus,
    folder::RunFolder,
    log,
    progress::{End, RunProgress},
};

/// The change of a run that the store has to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Transition {
    /// No change.
    None,
    /// The worker runs; its handle.
    Started(String),
    /// The program that prepared the run ended: the run waits again.
    Requeued,
    /// The run ended.
    Ended(Ended),
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) state: RunState,
    /// Why, in a sentence.
    pub(super) note: Option<String>,
    /// What to do about it.
    pub(super) hint: Option<String>,
    /// The folder of the adapter that was trained.
    pub(super) adapter: Option<String>,
    /// The folder of the model, where the whole of it was trained.
    pub(super) model: Option<String>,
    /// The path or the address of what an export made.
    pub(super) output: Option<String>,
}

impl Ended {
    fn new(state: RunState, note: Option<String>, hint: Option<String>) -> Self {
        Self { state, note, hint, adapter: None, model: None, output: None }
    }
}

/// The transition of a run that is not queued. Processes that should end by now are signaled.
pub(super) async fn next_transition(
    run: &Run,
    folder: &RunFolder,
    progress: &RunProgress,
    executor: &dyn Executor,
    grace: GracePeriods,
) -> Transition {
    let handle = run.handle.as_deref();
    let worker = executor.state(folder, handle).await;
    match &worker {
        WorkerState::Ended(_)
            if run.state == RunState::Preparing && progress.attempt != Some(run.attempt) =>
        {
            // The worker of this attempt never started.
            match run.stop_asked_at {
                Some(_) => Transition::Ended(Ended::new(
                    RunState::Stopped,
                    Some("It was stopped while its rows were prepared.".to_owned()),
                    None,
                )),
                None => Transition::Requeued,
            }
        }
        WorkerState::Ended(exit) => Transition::Ended(ended(run, folder, progress, exit.as_deref())),
        WorkerState::Running { handle } if run.state == RunState::Preparing => {
            Transition::Started(handle.clone())
        }
        WorkerState::Running { .. } | WorkerState::Held => {
            if let Some(force) = must_end(run, folder, progress, &worker, grace) {
                executor.stop(folder, handle, force).await;
            }
            Transition::None
        }
    }
}

/// Whether processes of a run have to end now: none if not, else whether their grace period is over.
fn must_end(
    run: &Run,
    folder: &RunFolder,
    progress: &RunProgress,
    worker: &WorkerState,
    grace: GracePeriods,
) -> Option<bool> {
    let end = progress.end_of(run.attempt);
    // Processes that outlive the worker have to end too.
    let left_behind = run.state == RunState::Running && (end.is_some() || *worker == WorkerState::Held);
    if run.state != RunState::Stopping && !left_behind {
        return None;
    }
    if let Some(since_asked) = run.stop_asked_at.as_deref().and_then(since) {
        return Some(since_asked > grace.stop);
    }
    let silent = match end {
        Some(_) => progress.ended_at.as_deref().and_then(since),
        // It ended without an "ended" event, so the time of its last event counts.
        None => since_modified(&folder.events()),
    };
    Some(silent.is_some_and(|silent| silent > grace.remains))
}

/// How a run ended whose processes are gone.
fn ended(run: &Run, folder: &RunFolder, progress: &RunProgress, exit: Option<&str>) -> Ended {
    let asked = run.stop_asked_at.is_some();
    match progress.end_of(run.attempt).cloned() {
        Some(End { status: EndStatus::Succeeded, message, hint, adapter, model, output }) => {
            Ended { adapter, model, output, ..Ended::new(RunState::Succeeded, message, hint) }
        }
        Some(End { status: EndStatus::Stopped, message, .. }) => {
            let outside = (!asked).then(|| "It was told to stop from outside.".to_owned());
            Ended::new(RunState::Stopped, message.or(outside), resume_hint(progress))
        }
        Some(End { status: EndStatus::Failed, message, hint, .. }) => {
            let note = message.or_else(|| Some("The worker failed without saying why.".to_owned()));
            Ended::new(RunState::Failed, note, hint)
        }
        None if asked => {
            let note = "It did not stop by itself in time and was ended.".to_owned();
            Ended::new(RunState::Stopped, Some(note), resume_hint(progress))
        }
        None => lost(folder, exit),
    }
}

/// The end of a run whose worker ended without an "ended" event.
fn lost(folder: &RunFolder, exit: Option<&str>) -> Ended {
    let exit = exit.map(|exit| format!(" ({exit})")).unwrap_or_default();
    let line = log::last_line(&folder.log());
    let line = line.map(|line| format!(" Its last words: {line}")).unwrap_or_default();
    let note = format!("The worker vanished without a word{exit}.{line}");
    let hint = "Out of memory is the commonest cause. The log has all it said; Retry goes on from the \
                last checkpoint.";
    Ended::new(RunState::Lost, Some(note), Some(hint.to_owned()))
}

fn resume_hint(progress: &RunProgress) -> Option<String> {
    let step = progress.checkpoints.last()?;
    Some(format!("Retry goes on from step {step}."))
}

/// How long ago a file was last written.
fn since_modified(path: &Path) -> Option<Duration> {
    std::fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// How long ago a time of the store or of an event was.
fn since(time: &str) -> Option<Duration> {
    let then: jiff::Timestamp = time.parse().ok()?;
    Duration::try_from(jiff::Timestamp::now().duration_since(then)).ok()
}
