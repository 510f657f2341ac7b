//! Waiting for a transfer.

use studio::{
    Error, ErrorCode,
    hub::Fetched,
    platform::disk::format_bytes,
    transfers::{Transfer, TransferState},
};

use crate::{
    output::{Output, print_facts, sized},
    progress::{TransferBar, interruption},
    session::{DONE, Failure, Outcome, Session},
};

/// Carries transfers out until this one has ended, and prints what was fetched. Ctrl-C pauses it, unless another
/// program carries it out.
pub(super) async fn until_fetched(session: &Session, id: &str) -> Outcome {
    print_fetched(&session.output, &fetched(session, id).await?);
    DONE
}

/// The same without printing what was fetched.
pub(crate) async fn fetched(session: &Session, id: &str) -> Result<Fetched, Failure> {
    let (transfers, output) = (session.studio().await?.transfers(), &session.output);
    let stop = interruption();
    let mut bar = TransferBar::new(output);
    let mut transfer = transfers.until_settled(id, &stop, |transfer| bar.show(transfer)).await?;
    drop(bar);
    if stop.is_cancelled() {
        transfer = transfers.get(id).await?;
        if transfer.state == TransferState::Queued {
            transfer = transfers.pause(id).await?;
        }
    }
    let ended = unfinished(&transfer);
    transfer.fetched.filter(|_| transfer.state == TransferState::Done).ok_or_else(|| ended.into())
}

/// Why a transfer is not done that is no longer waited for.
fn unfinished(transfer: &Transfer) -> Error {
    if let Some(error) = transfer.error() {
        return error;
    }
    let name = &transfer.request.name;
    let id = &transfer.id;
    let (message, hint) = match transfer.state {
        TransferState::Paused => (
            format!("The transfer of {name} is paused. What was received is kept."),
            format!("Go on with the same command or `fts hub transfers resume {id} --wait`."),
        ),
        _ => (
            format!("The transfer of {name} goes on in another program."),
            format!("Pause it with `fts hub transfers pause {id}`."),
        ),
    };
    Error::new(ErrorCode::Cancelled, message).hint(hint)
}

fn print_fetched(output: &Output, fetched: &Fetched) {
    if output.json(fetched) {
        return;
    }
    print_facts(vec![
        ("Folder", Some(fetched.folder.clone())),
        ("Revision", Some(fetched.revision.clone())),
        ("Fetched", Some(sized(fetched.files, fetched.bytes))),
        ("Received", Some(format_bytes(fetched.received))),
        ("Not needed", Some(fetched.left_out.join(", "))),
    ]);
}
