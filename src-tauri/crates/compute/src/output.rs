//! Commands there.

use schema::Result;

use crate::connection::Connection;

/// The environment of a command there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// That of a login.
    Own,
    /// `HOME`, `USER`, `LOGNAME`, `SHELL`, `PATH`, `LANG` and `SLURM_CONF` alone: variables such as `SBATCH_TIMELIMIT` or
    /// `SQUEUE_FORMAT` have no effect, and none is passed on.
    Clean,
}

/// What a command there printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The exit code; negative is the number of the signal that ended it. 127 if there is no such program.
    pub code: i32,
    /// The first 8 MB of its output.
    pub stdout: String,
    /// The first 8 MB of its messages.
    pub stderr: String,
}

impl Connection {
    /// Runs a command in the target's folder, without a shell, and waits for its end. After two minutes it is killed.
    pub async fn run(
        &self,
        _command: &[&str],
        _input: Option<&[u8]>,
        _environment: Environment,
    ) -> Result<Output> {
        self.missing()
    }

    /// Writes a small file there, such as a script: whole, readable by its owner alone.
    pub async fn write(&self, _path: &str, _bytes: &[u8]) -> Result<()> {
        self.missing()
    }

    /// Reads a small file there; none if there is no such file.
    pub async fn read(&self, _path: &str) -> Result<Option<Vec<u8>>> {
        self.missing()
    }

    /// Removes a file or folder below the target's folder. It is no error if there is none.
    pub async fn remove(&self, _path: &str) -> Result<()> {
        self.missing()
    }
}
