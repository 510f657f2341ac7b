//! `fts hub fetch`.

use clap::Args;
use studio::{Error, ErrorCode, hub::CachedKind, transfers::TransferRequest};

use super::{control::print_transfers, wait};
use crate::{
    dataset::PartArguments,
    session::{DONE, Outcome, Session},
    values::choice,
};

/// Fetch a model, an adapter or a dataset from the Hugging Face Hub into its local cache
///
/// Only what is needed is fetched: settings, tokenizer and one form of the weights, or the files of a
/// dataset that can be read. Each file is checked by its hash.
///
/// Of a dataset, all splits of its default configuration are fetched, or what --config and --split say; the dataset
/// of the studio with that name is then read so, too. `fts hub splits NAME` lists them.
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
    #[command(flatten)]
    part: PartArguments,
    /// Only queue it, for the window or the next command that waits for a transfer
    #[arg(long)]
    detach: bool,
}

impl Fetch {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let Self { kind, name, revision, part, detach } = self;
        let part = part.part();
        let studio = session.studio().await?;
        if !part.is_whole() {
            if kind != CachedKind::Dataset {
                let error = Error::new(ErrorCode::Invalid, "Only datasets have configurations and splits.");
                return Err(error.hint("Leave out --config and --split.").into());
            }
            studio.datasets().choose_part_of(&name, part.clone()).await?;
        }
        let transfer = studio.transfers().add(&TransferRequest { kind, name, revision, part }, None).await?;
        if detach {
            print_transfers(&[transfer], &session.output);
            return DONE;
        }
        wait::until_fetched(session, &transfer.id).await
    }
}
