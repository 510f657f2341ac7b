//! `fts hub transfers`.

use clap::{Args, Subcommand};
use studio::{
    platform::disk::format_bytes,
    schema::TextEnum as _,
    transfers::{Transfer, TransferRequest, TransferRule},
};

use super::wait;
use crate::{
    output::{Output, print},
    session::{DONE, Outcome, Session},
};

#[derive(Debug, Default, Subcommand)]
pub(crate) enum TransfersCommand {
    /// List the transfers: those that have not ended in the order of the queue, then the others
    #[default]
    List,
    /// Pause a transfer, whichever program carries it out. What was received is kept
    Pause(Named),
    /// Queue a transfer again that was paused or cancelled, or failed
    Resume(Resume),
    /// Cancel a transfer, whichever program carries it out
    ///
    /// What was received is removed, except for what other transfers and revisions of the repository need.
    Cancel(Named),
    /// Remove ended transfers from the list. What they fetched is kept
    Clear,
    /// Show or set how many transfers run at the same time
    Limit(Limit),
}

#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The id of a transfer, or the name of what it fetches
    id: String,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// The id of a transfer, or the name of what it fetches
    id: String,
    /// Carry it out and wait for its end; otherwise the window or the next command that waits does
    #[arg(long)]
    wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Limit {
    /// The number of transfers
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    at_once: Option<u32>,
}

impl TransfersCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let (transfers, output) = (session.studio().await?.transfers(), &session.output);
        match self {
            Self::List => print_transfers(&transfers.list().await?, output),
            Self::Pause(Named { id }) => print_transfers(&[transfers.pause(&id).await?], output),
            Self::Cancel(Named { id }) => print_transfers(&[transfers.cancel(&id).await?], output),
            Self::Resume(Resume { id, wait }) => {
                let transfer = transfers.resume(&id).await?;
                if wait {
                    return wait::until_fetched(session, &transfer.id).await;
                }
                print_transfers(&[transfer], output);
            }
            Self::Clear => {
                transfers.forget(None).await?;
                print_transfers(&transfers.list().await?, output);
            }
            Self::Limit(Limit { at_once }) => {
                if let Some(at_once) = at_once {
                    transfers.set_rule(TransferRule { at_once }).await?;
                }
                let rule = transfers.rule().await?;
                if !output.json(&rule) {
                    print(&format!("Transfers at the same time: {}.", rule.at_once));
                }
            }
        }
        DONE
    }
}

pub(super) fn print_transfers(transfers: &[Transfer], output: &Output) {
    let lines = transfers.iter().map(|transfer| {
        let bytes = match transfer.total {
            Some(total) => format!("{} of {}", format_bytes(transfer.bytes), format_bytes(total)),
            None => String::new(),
        };
        let rate = transfer.rate.map(|rate| format!("{} a second", format_bytes(rate as u64)));
        let TransferRequest { kind, name, revision, part } = &transfer.request;
        let what = [Some(name), part.config.as_ref(), part.split.as_ref()].into_iter().flatten();
        let what = what.map(String::as_str).collect::<Vec<_>>().join(", ");
        let at = revision.as_ref().map(|revision| format!(" at {revision}")).unwrap_or_default();
        vec![
            transfer.id.clone(),
            kind.label().to_owned(),
            what + &at,
            transfer.state.label().to_owned(),
            bytes,
            rate.unwrap_or_default(),
            transfer.message.clone().unwrap_or_default(),
        ]
    });
    output.table(&transfers, ["id", "kind", "name", "state", "received", "rate", ""], lines);
}
