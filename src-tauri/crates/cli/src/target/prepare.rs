//! `fts target prepare`.

use std::process::ExitCode;

use clap::Args;
use studio::{Error, ErrorCode};

use super::shown::print_check;
use crate::{
    progress::watched_environment,
    session::{DONE, Outcome, Session},
};

/// Make a Python environment on a compute target that names no Python (6.5 GB), or go on with an unfinished one
///
/// uv there installs the packages that `fts env create` installs here, from the package index that is set there. On a
/// cluster this is done on the login node. It goes on there when the connection is cut or this command is ended with
/// Ctrl-C: the same command then shows how far it is. Runs on the target use it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  fts target prepare box\n  fts target prepare box --stop")]
pub(crate) struct Prepare {
    /// The name or id of the target
    target: String,
    /// Stop making it; what is done of it stays
    #[arg(long)]
    stop: bool,
}

impl Prepare {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let targets = session.studio().await?.targets();
        let check = if self.stop {
            targets.stop_preparing(&self.target).await?
        } else {
            let made = targets.prepare(&self.target, &watched_environment(&session.output)).await;
            made.map_err(|error| self.with_ways_on(error))?
        };
        if !session.output.json(&check) {
            print_check(&check);
        }
        if check.can_run || self.stop { DONE } else { Ok(ExitCode::from(1)) }
    }

    /// What goes on after Ctrl-C, and how to end it.
    fn with_ways_on(&self, error: Error) -> Error {
        if error.code != ErrorCode::Cancelled {
            return error;
        }
        let name = &self.target;
        error.hint(format!(
            "`fts target prepare {name}` shows how far it is, and `fts target prepare {name} --stop` stops it."
        ))
    }
}
