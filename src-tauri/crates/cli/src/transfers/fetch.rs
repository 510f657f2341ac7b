//! `fts hub fetch`.

use clap::Args;
use studio::{hub::CachedKind, transfers::TransferRequest};

use super::{control::print_transfers, wait};
use crate::{
    session::{DONE, Outcome, Session},
    values::choice,
};

/// Fetch a model, an adapter or a dataset from the Hugging Face hub into its local cache
///
/// Only what is needed is fetched: settings, tokenizer and one form of the weights, or the files of a
/// dataset that can be read. Each file is checked by its hash.
///
/// It is one of the transfers, which any program of the studio carries out. Ctrl-C pauses it if it is this
/// one. A transfer that was paused, stopped or failed goes on where it ended with the same command.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts hub fetch model HuggingFaceTB/SmolLM2-135M")]
pub(crate) struct Fetch {
    /// What to fetch
    #[arg(value_parser = choice::<CachedKind>())]
    kind: CachedKind,
    /// The name, as organization/name
    name: String,
    /// A branch, a tag or a commit, if not main
    #[arg(long)]
    revision: Option<String>,
    /// Only queue it, for the window or the next command that waits for a transfer
    #[arg(long)]
    detach: bool,
}

impl Fetch {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let Self { kind, name, revision, detach } = self;
        let transfers = session.studio().await?.transfers();
        let transfer = transfers.add(&TransferRequest { kind, name, revision }, None).await?;
        if detach {
            print_transfers(&[transfer], &session.output);
            return DONE;
        }
        wait::until_fetched(session, &transfer.id).await
    }
}
