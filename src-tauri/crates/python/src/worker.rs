//! The command that starts the worker.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

/// The program that is run as the worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkerCommand {
    /// The worker's package in an interpreter with its libraries.
    Python {
        /// The interpreter.
        python: PathBuf,
        /// The folder with the package.
        worker_path: PathBuf,
    },
    /// A program that takes the same arguments, named by `FINE_TUNING_STUDIO_WORKER`.
    Program(PathBuf),
}

impl WorkerCommand {
    /// The command with these arguments to the worker, not started yet.
    pub fn command(&self, arguments: &[&OsStr]) -> Command {
        let mut command = match self {
            Self::Python { python, worker_path } => in_python(python, worker_path),
            Self::Program(program) => Command::new(program),
        };
        command.args(arguments);
        command
    }
}

/// The worker's package in an interpreter, with unbuffered output.
pub(super) fn in_python(python: &Path, worker_path: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-u", "-m", "fine_tuning_worker"]);
    // Replaced, not extended: a module on the user's path could shadow a library.
    command.env("PYTHONPATH", worker_path).env_remove("PYTHONHOME");
    command
}
