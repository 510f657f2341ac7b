//! Waiting for the end of a run, and its result.

use std::{pin::pin, process::ExitCode};

use studio::{
    Error, ErrorCode, Result, Studio,
    schema::TextEnum as _,
    store::{Run, RunState},
    transfers::TransferState,
};
use tokio_util::sync::CancellationToken;

use crate::{
    output::{Output, print},
    progress::{INTERVAL, TransferBar},
};

/// Supervises all runs until this one has ended, or the command is stopped.
pub(crate) async fn until_ended(studio: &Studio, id: &str, stopped: impl Future<Output = ()>) -> Result<Run> {
    until(studio, id, |run| !run.state.is_live(), stopped).await
}

/// Supervises all runs until this one is as asked for, or the command is stopped. Another process may be the one that
/// notices it, so its state is read again and again.
async fn until(
    studio: &Studio,
    id: &str,
    is: impl Fn(&Run) -> bool,
    stopped: impl Future<Output = ()>,
) -> Result<Run> {
    let reached = async {
        loop {
            let run = studio.runs().get(id).await?;
            if is(&run) {
                return Ok(run);
            }
            tokio::time::sleep(INTERVAL).await;
        }
    };
    tokio::select! {
        run = reached => run,
        () = stopped => studio.runs().get(id).await,
        () = studio.runs().supervise(CancellationToken::new(), |_| {}) => studio.runs().get(id).await,
    }
}

/// Waits until a run on a compute target has left this machine, or the command is stopped.
pub(super) async fn until_sent(
    studio: &Studio,
    id: &str,
    output: &Output,
    stopped: impl Future<Output = ()>,
) -> Result<()> {
    if studio.runs().get(id).await?.target.is_none() {
        return Ok(());
    }
    let sent = until(studio, id, |run| run.state != RunState::Preparing, stopped);
    with_marks(studio, id, output, sent).await.map(drop)
}

/// Says what happens to a run on its compute target while `work` goes on.
pub(super) async fn with_marks<T>(
    studio: &Studio,
    id: &str,
    output: &Output,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let mut said = None;
    let say = async || {
        let elsewhere = studio.runs().elsewhere(&studio.runs().get(id).await?);
        // The bytes change all the time.
        let mark = elsewhere.as_ref().map(|elsewhere| (elsewhere.phase, elsewhere.unreachable_since.clone()));
        if mark != said {
            said = mark;
            if let Some(elsewhere) = elsewhere {
                output.remark(&elsewhere.message());
            }
        }
        Ok(())
    };
    meanwhile(work, say).await
}

/// Shows the progress of what is fetched for a run while `work` goes on.
pub(crate) async fn with_fetches<T>(
    studio: &Studio,
    id: &str,
    output: &Output,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let mut bar = None::<TransferBar>;
    let show = async || {
        let transfers = studio.runs().transfers_of(id).await?;
        match transfers.iter().find(|transfer| transfer.state != TransferState::Done) {
            Some(transfer) => bar.get_or_insert_with(|| TransferBar::new(output)).show(transfer),
            None => bar = None,
        }
        Ok(())
    };
    meanwhile(work, show).await
}

/// Shows something again and again while `work` goes on.
async fn meanwhile<T>(
    work: impl Future<Output = Result<T>>,
    mut show: impl AsyncFnMut() -> Result<()>,
) -> Result<T> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(INTERVAL) => {}
        }
        show().await?;
    }
}

/// What becomes of a run whose command was interrupted.
pub(crate) fn left(run: &Run) -> Error {
    let (name, id) = (&run.name, &run.id);
    let (message, hint) = match run.state {
        RunState::Queued => (
            format!("'{name}' waits in the queue."),
            format!(
                "The window starts it, and so does the next command that starts a run. `fts run stop {id}` takes \
                 it out of the queue."
            ),
        ),
        _ => (format!("'{name}' goes on without this command."), format!("`fts run stop {id}` stops it.")),
    };
    Error::new(ErrorCode::Cancelled, message).hint(hint)
}

pub(crate) fn exit_code(state: RunState) -> ExitCode {
    ExitCode::from(match state {
        RunState::Failed | RunState::Lost => 1,
        RunState::Stopped => 3,
        _ => 0,
    })
}

pub(crate) fn print_run(run: &Run, output: &Output) {
    if output.json(run) {
        return;
    }
    print(&format!("{}  {}  {}", run.id, run.state.label(), run.name));
    for text in [&run.note, &run.hint].into_iter().flatten() {
        print(text);
    }
}
