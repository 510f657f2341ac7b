//! The command that starts the worker.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

/// What is run as the worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkerCommand {
    /// The worker's package, by an interpreter that has what it imports.
    Python {
        /// The interpreter.
        python: PathBuf,
        /// The folder with the package.
        worker_path: PathBuf,
    },
    /// A program that takes the same arguments: somebody's own launcher.
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

/// The worker's package in an interpreter. Output is unbuffered, so that what it says is seen
/// when it says it.
pub(super) fn in_python(python: &Path, worker_path: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-u", "-m", "fine_tuning_worker"]);
    // Not added to the person's own: a module there could stand before one of the libraries.
    command.env("PYTHONPATH", worker_path).env_remove("PYTHONHOME");
    command
}
