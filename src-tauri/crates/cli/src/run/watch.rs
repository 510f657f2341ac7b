//! Waiting for the end of a run, and its result.

use std::{pin::pin, process::ExitCode};

use studio::{
    Result, Studio,
    schema::TextEnum as _,
    store::{Run, RunState},
    transfers::TransferState,
};
use tokio_util::sync::CancellationToken;

use crate::{
    output::{Output, print},
    progress::{INTERVAL, TransferBar},
};

/// Supervises all runs until this one has ended, or the command is stopped. Another process may be the one that
/// notices the end, so its state is read again and again.
pub(crate) async fn until_ended(studio: &Studio, id: &str, stopped: impl Future<Output = ()>) -> Result<Run> {
    let ended = async {
        loop {
            let run = studio.runs().get(id).await?;
            if !run.state.is_live() {
                return Ok(run);
            }
            tokio::time::sleep(INTERVAL).await;
        }
    };
    tokio::select! {
        run = ended => run,
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
    let left = async {
        while studio.runs().get(id).await?.state == RunState::Preparing {
            tokio::time::sleep(INTERVAL).await;
        }
        Ok(())
    };
    let sent = async {
        tokio::select! {
            left = left => left,
            () = stopped => Ok(()),
            () = studio.runs().supervise(CancellationToken::new(), |_| {}) => Ok(()),
        }
    };
    with_marks(studio, id, output, sent).await
}

/// Says what happens to a run on its compute target while `work` goes on.
pub(super) async fn with_marks<T>(
    studio: &Studio,
    id: &str,
    output: &Output,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let mut work = pin!(work);
    let mut said = None;
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(INTERVAL) => {}
        }
        let elsewhere = studio.runs().elsewhere(&studio.runs().get(id).await?);
        // The bytes change all the time.
        let mark = elsewhere.as_ref().map(|elsewhere| (elsewhere.phase, elsewhere.unreachable_since.clone()));
        if mark != said {
            said = mark;
            if let Some(elsewhere) = elsewhere {
                output.remark(&elsewhere.message());
            }
        }
    }
}

/// Shows the progress of what is fetched for a run while `work` goes on.
pub(super) async fn with_fetches<T>(
    studio: &Studio,
    id: &str,
    output: &Output,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let mut work = pin!(work);
    let mut bar = None::<TransferBar>;
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(INTERVAL) => {}
        }
        let transfers = studio.runs().transfers_of(id).await?;
        match transfers.iter().find(|transfer| transfer.state != TransferState::Done) {
            Some(transfer) => bar.get_or_insert_with(|| TransferBar::new(output)).show(transfer),
            None => bar = None,
        }
    }
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
