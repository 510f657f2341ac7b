//! Commands there.

use schema::{ErrorCode, Result};
use serde::Deserialize;
use serde_json::json;

use crate::connection::Connection;

/// What is read of a small file, in bytes.
const SMALL: u64 = 8 << 20;

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

#[derive(Deserialize)]
struct Ran {
    code: i32,
    /// Where the messages begin in the body.
    out: usize,
}

#[derive(Deserialize)]
struct Done {}

impl Connection {
    /// Runs a command in the target's folder, without a shell, and waits for its end. After two minutes it is killed.
    pub async fn run(
        &self,
        command: &[&str],
        input: Option<&[u8]>,
        environment: Environment,
    ) -> Result<Output> {
        let head = json!({ "do": "run", "command": command, "clean": environment == Environment::Clean });
        let (ran, body): (Ran, _) = self.ask(head, input.unwrap_or_default()).await?;
        let (stdout, stderr) = body.split_at(ran.out.min(body.len()));
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Ok(Output { code: ran.code, stdout: text(stdout), stderr: text(stderr) })
    }

    /// Writes a small file there, such as a script: whole, readable by its owner alone.
    pub async fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let _: (Done, _) = self.ask(json!({ "do": "put", "path": path }), bytes).await?;
        Ok(())
    }

    /// Reads a small file there, at most 8 MB of it; none if there is no such file.
    pub async fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let head = json!({ "do": "read", "path": path, "at": 0, "length": SMALL });
        match self.ask::<Done>(head, &[]).await {
            Ok((_, bytes)) => Ok(Some(bytes)),
            Err(error) if error.code == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes a file or folder below the target's folder. It is no error if there is none.
    pub async fn remove(&self, path: &str) -> Result<()> {
        let _: Done = self.call(json!({ "do": "remove", "path": path })).await?;
        Ok(())
    }
}
