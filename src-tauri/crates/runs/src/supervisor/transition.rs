//! A run's change of state: the next one of an active run, by its worker, its lock and its events. Every step can
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
    spec::{Spec, Task},
};

/// The change of a run that the store has to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Transition {
    /// No change.
    None,
    /// The worker runs. The executor finds it by this handle.
    Started(String),
    /// The run is in the queue of a cluster. The executor finds it by this handle.
    Waiting(String),
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

    /// The same with the places of results on this machine, where the worker named those of another one.
    pub(super) fn at_home(mut self, run: &Run, folder: &RunFolder) -> Self {
        if run.target.is_some()
            && let Ok(Spec { task: Task::Training(training), .. }) = folder.spec()
        {
            let output = training.output;
            self.adapter = self.adapter.is_some().then_some(output.adapter);
            self.model = self.model.and(output.model);
        }
        self
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
    let worker = executor.state(folder, run.attempt, handle).await;
    match &worker {
        WorkerState::Ended(_)
            if run.target.is_none()
                && run.state == RunState::Preparing
                && !progress.has_begun(run.attempt) =>
        {
            // The worker of this attempt never started.
            never_started(run)
        }
        WorkerState::NotStarted if run.state == RunState::Preparing => never_started(run),
        WorkerState::NotStarted => {
            let why = "The worker is not known any more where it was started.";
            Transition::Ended(ended(run, progress, || lost(folder, why.to_owned())))
        }
        WorkerState::Refused(error) => {
            Transition::Ended(Ended::new(RunState::Failed, Some(error.message.clone()), error.hint.clone()))
        }
        WorkerState::Ended(exit) => {
            let exit = exit.as_deref().map(|exit| format!(" ({exit})")).unwrap_or_default();
            let why = format!("The worker vanished without a word{exit}.");
            Transition::Ended(ended(run, progress, || lost(folder, why)))
        }
        WorkerState::Vanished(why) => Transition::Ended(ended(run, progress, || gone(folder, why))),
        WorkerState::LeftThere(where_it_is) => Transition::Ended(Ended::new(
            RunState::Stopped,
            Some(where_it_is.clone()),
            Some("Retry brings them here.".to_owned()),
        )),
        WorkerState::Waiting { handle } if matches!(run.state, RunState::Preparing | RunState::Running) => {
            Transition::Waiting(handle.clone())
        }
        WorkerState::Running { handle } if matches!(run.state, RunState::Preparing | RunState::Waiting) => {
            Transition::Started(handle.clone())
        }
        WorkerState::Unknown | WorkerState::Waiting { .. } => {
            if run.stop_asked_at.is_some() {
                executor.stop(folder, handle, false).await;
            }
            Transition::None
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
    // Processes that outlive the worker have to end too. On a target they are the executor's: while its results are
    // brought here, a run there is not over though its worker is.
    let left_behind = run.target.is_none()
        && run.state == RunState::Running
        && (end.is_some() || *worker == WorkerState::Held);
    if run.state != RunState::Stopping && !left_behind {
        return None;
    }
    if let Some(since_asked) = run.stop_asked_at.as_deref().and_then(since) {
        return Some(since_asked > grace.stop);
    }
    // The last event counts, an "ended" event or not. Its time is by the clock of another machine, maybe.
    let silent = since_modified(&folder.events());
    Some(silent.is_some_and(|silent| silent > grace.remains))
}

/// What follows where no worker of this attempt started.
fn never_started(run: &Run) -> Transition {
    let stopped = "It was stopped while its rows were prepared.".to_owned();
    match run.stop_asked_at {
        Some(_) => Transition::Ended(Ended::new(RunState::Stopped, Some(stopped), None)),
        None => Transition::Requeued,
    }
}

/// How a run ended whose processes are gone; `lost` says it where its worker did not.
fn ended(run: &Run, progress: &RunProgress, lost: impl FnOnce() -> Ended) -> Ended {
    let asked = run.stop_asked_at.is_some();
    match progress.end_of(run.attempt).cloned() {
        Some(End { status: EndStatus::Succeeded, message, hint, adapter, model, output }) => {
            Ended { adapter, model, output, ..Ended::new(RunState::Succeeded, message, hint) }
        }
        Some(End { status: EndStatus::Stopped, message, .. }) => {
            let outside = (!asked).then(|| "It was stopped from outside the program.".to_owned());
            Ended::new(RunState::Stopped, message.or(outside), resume_hint(progress))
        }
        Some(End { status: EndStatus::Failed, message, hint, .. }) => {
            let note = message.or_else(|| Some("The worker failed without saying why.".to_owned()));
            Ended::new(RunState::Failed, note, hint)
        }
        None if asked && run.target.is_some() && !progress.has_begun(run.attempt) => {
            let note = "It was stopped before its worker began.".to_owned();
            Ended::new(RunState::Stopped, Some(note), resume_hint(progress))
        }
        None if asked => {
            let note = "It did not stop by itself in time and was ended.".to_owned();
            Ended::new(RunState::Stopped, Some(note), resume_hint(progress))
        }
        None => lost(),
    }
}

/// The end of a run whose worker ended without an "ended" event, for an unknown reason.
fn lost(folder: &RunFolder, why: String) -> Ended {
    let hint = "Out of memory is the commonest cause. The log has all it said; Retry goes on from the \
                last checkpoint.";
    Ended { hint: Some(hint.to_owned()), ..gone(folder, &why) }
}

/// The same for a known reason, a sentence.
fn gone(folder: &RunFolder, why: &str) -> Ended {
    let line = log::last_line(&folder.log());
    let line = line.map(|line| format!(" Its last words: {line}")).unwrap_or_default();
    let hint = "The log has all it said; Retry goes on from the last checkpoint.";
    Ended::new(RunState::Lost, Some(format!("{why}{line}")), Some(hint.to_owned()))
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
