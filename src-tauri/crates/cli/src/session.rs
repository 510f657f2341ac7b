//! The output and the database of a command. The database is opened when it is first needed.

use std::{path::PathBuf, process::ExitCode};

use studio::{Error, Studio, platform::default_database};
use tokio::sync::OnceCell;

use crate::output::Output;

/// The result of a command: its exit code, or an error with one.
pub(crate) type Outcome = Result<ExitCode, Failure>;

/// The command succeeded.
pub(crate) const DONE: Outcome = Ok(ExitCode::SUCCESS);

/// An error and the exit code of the command.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) code: ExitCode,
}

impl Failure {
    /// The arguments are wrong: exit code 2, as for arguments that can't be parsed.
    pub(crate) fn usage(error: Error) -> Self {
        Self { error, code: ExitCode::from(2) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, code: ExitCode::from(1) }
    }
}

pub(crate) struct Session {
    pub(crate) output: Output,
    /// The database file of `--db`, if it was given.
    db: Option<PathBuf>,
    studio: OnceCell<Studio>,
}

impl Session {
    pub(crate) fn new(db: Option<PathBuf>, output: Output) -> Self {
        Self { output, db, studio: OnceCell::new() }
    }

    /// The open database. A command calls it after it has checked its arguments, so that a wrong command
    /// creates no database.
    pub(crate) async fn studio(&self) -> Result<&Studio, Error> {
        let open = || async {
            let path = self.db.clone().map_or_else(default_database, Ok)?;
            Studio::open(&path).await
        };
        self.studio.get_or_try_init(open).await
    }

    /// Closes the database if it was opened.
    pub(crate) async fn close(self) -> Output {
        if let Some(studio) = self.studio.into_inner() {
            studio.close().await;
        }
        self.output
    }
}
