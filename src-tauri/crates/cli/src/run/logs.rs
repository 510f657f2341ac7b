//! `fts run logs`: what the worker of a run printed.

use std::io::Write as _;

use clap::Args;
use studio::platform::Work;

use crate::session::{DONE, Outcome, Session};

use crate::progress::INTERVAL;

/// The largest part of a log that is read at once, in bytes.
const PART: u64 = 256 << 10;

/// Print the log of a run
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts run logs ID --follow")]
pub(crate) struct Logs {
    /// The id of a run or of one of its jobs
    id: String,
    /// Continue until the run has ended
    #[arg(long, short)]
    follow: bool,
}

impl Logs {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let Self { id, follow } = self;
        let studio = session.studio().await?;
        let mut at = 0;
        loop {
            // Read before the log: lines that are written after this moment come with the next part.
            let live = studio.runs().get(&id).await?.state.is_live();
            let part = studio.runs().log(&id, Some(at), PART).await?;
            // A closed pipe (`fts run logs ID | head`) is no failure.
            let _ = std::io::stdout().write_all(part.text.as_bytes());
            let more = part.end > at && part.end < part.size;
            at = part.end;
            if more {
                continue;
            }
            if !(follow && live) {
                return DONE;
            }
            studio.runs().supervise_shortly(&Work::unwatched()).await?;
            tokio::time::sleep(INTERVAL).await;
        }
    }
}
