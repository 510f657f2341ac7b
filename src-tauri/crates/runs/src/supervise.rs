//! What is done about a run from what is seen of it. Every step is safe to repeat and safe to be
//! interrupted, because several programs may look after the same runs.

use std::{path::Path, time::Duration};

use schema::Result;
use store::{Run, RunState};

use super::{
    account::{Account, End},
    events::EndStatus,
    executor::{Condition, Executor},
    folder::RunFolder,
    log,
};

/// How long a worker may take to stop by itself, and whatever it leaves behind to end after it.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// After a request to stop. Saving a checkpoint of a large model takes its time.
    pub(crate) stop: Duration,
    /// After the worker's last word, or its last sign of life where it said none.
    pub(crate) rest: Duration,
}

impl Patience {
    /// What holds unless `FINE_TUNING_STUDIO_STOP_SECONDS` says how long stopping may take.
    pub fn of_user() -> Self {
        let set = std::env::var("FINE_TUNING_STUDIO_STOP_SECONDS").ok();
        let stop = set.and_then(|text| text.parse().ok()).unwrap_or(60.0);
        Self {
            stop: Duration::try_from_secs_f64(stop).unwrap_or(Duration::from_secs(60)),
            rest: Duration::from_secs(5),
        }
    }
}

/// What is to be done about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing now.
    Wait,
    /// Its worker is there: note how it is known.
    Started(String),
    /// Nobody prepares it any more: it waits again.
    Requeue,
    /// It is over.
    Ended { state: RunState, note: Option<String>, hint: Option<String>, adapter: Option<String> },
}

/// Looks at a run that is not waiting, presses it where it was asked to stop, and says what is to
/// be noted.
pub async fn look_after(
    run: &Run,
    folder: &RunFolder,
    account: &Account,
    executor: &dyn Executor,
    patience: Patience,
) -> Result<Step> {
    let handle = run.handle.as_deref();
    let condition = executor.look(folder, handle).await;
    Ok(match condition {
        Condition::Gone(_) if run.state == RunState::Preparing && !has_begun(run, account) => {
            match run.stop_asked_at {
                Some(_) => stopped("It was stopped while its rows were prepared."),
                None => Step::Requeue,
            }
        }
        Condition::Gone(exit) => ended(run, folder, account, exit.as_deref()),
        Condition::Working { handle } if run.state == RunState::Preparing => Step::Started(handle),
        Condition::Working { .. } | Condition::Held => {
            let since_asked = run.stop_asked_at.as_deref().and_then(since);
            // What is left behind a worker that said its last word, or is gone, is told to go too.
            let end = account.end_of(run.attempt);
            let left = end.is_some() || condition == Condition::Held;
            if run.state == RunState::Stopping || (left && run.state == RunState::Running) {
                let over_due = match since_asked {
                    Some(since) => since > patience.stop,
                    None => {
                        let silent = match end {
                            Some(_) => account.ended_at.as_deref().and_then(since),
                            // It went without a word, so its last sign of life counts.
                            None => silent_for(&folder.events()),
                        };
                        silent.is_some_and(|silent| silent > patience.rest)
                    }
                };
                executor.stop(folder, handle, over_due).await;
            }
            Step::Wait
        }
    })
}

/// Whether the worker of this attempt was ever heard of.
fn has_begun(run: &Run, account: &Account) -> bool {
    account.attempt == Some(run.attempt)
}

fn ended(run: &Run, folder: &RunFolder, account: &Account, exit: Option<&str>) -> Step {
    let end = account.end_of(run.attempt).cloned();
    let asked = run.stop_asked_at.is_some();
    match end {
        Some(End { status: EndStatus::Succeeded, message, hint, adapter }) => {
            Step::Ended { state: RunState::Succeeded, note: message, hint, adapter }
        }
        Some(End { status: EndStatus::Stopped, message, .. }) if asked => {
            Step::Ended { state: RunState::Stopped, note: message, hint: resume_hint(account), adapter: None }
        }
        Some(End { status: EndStatus::Stopped, message, .. }) => Step::Ended {
            state: RunState::Stopped,
            note: message.or_else(|| Some("It received a signal to stop.".to_owned())),
            hint: resume_hint(account),
            adapter: None,
        },
        Some(End { status: EndStatus::Failed, message, hint, .. }) => {
            let note = message.or_else(|| Some("The worker failed without saying why.".to_owned()));
            Step::Ended { state: RunState::Failed, note, hint, adapter: None }
        }
        None if asked => Step::Ended {
            state: RunState::Stopped,
            note: Some("It did not stop in time and was killed.".to_owned()),
            hint: resume_hint(account),
            adapter: None,
        },
        None => {
            let exit = exit.map(|exit| format!(" ({exit})")).unwrap_or_default();
            let words = log::last_words(&folder.log());
            let words = words.map(|words| format!(" Its last words: {words}")).unwrap_or_default();
            let hint = "Out of memory is the commonest cause. The log has all it said; Retry goes on from the \
                        last checkpoint.";
            Step::Ended {
                state: RunState::Lost,
                note: Some(format!("The worker vanished without a word{exit}.{words}")),
                hint: Some(hint.to_owned()),
                adapter: None,
            }
        }
    }
}

fn stopped(note: &str) -> Step {
    Step::Ended { state: RunState::Stopped, note: Some(note.to_owned()), hint: None, adapter: None }
}

fn resume_hint(account: &Account) -> Option<String> {
    let step = account.checkpoints.last()?;
    Some(format!("Retry goes on from step {step}."))
}

/// How long ago something was last written to a file.
fn silent_for(path: &Path) -> Option<Duration> {
    std::fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// How long ago a time of the store was.
fn since(time: &str) -> Option<Duration> {
    let then: jiff::Timestamp = time.parse().ok()?;
    Duration::try_from(jiff::Timestamp::now().duration_since(then)).ok()
}
