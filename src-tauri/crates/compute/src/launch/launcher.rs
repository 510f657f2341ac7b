//! What starts workers on a target and looks after them.

use schema::Result;

use crate::{connection::Connection, target::TargetSettings};

/// A worker to start.
#[derive(Clone)]
pub struct Launch {
    /// The run's id.
    pub run: String,
    /// The run's folder there, with everything that the worker reads.
    pub folder: String,
    /// The attempt, from 1. The worker has it as `FTS_RUN_ATTEMPT`.
    pub attempt: u32,
    /// The Python interpreter there: a path from `/`, from `~/` or below the target's folder, or a name on the path after
    /// the target's setup lines.
    pub python: String,
    /// The folder with the worker's package there, which becomes its `PYTHONPATH`.
    pub worker: String,
    /// The module of the worker.
    pub module: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Further variables of its environment. They are no secrets.
    pub environment: Vec<(String, String)>,
    /// Tokens for its environment. They are in no argument or log, and in no file while it runs, but for that of a job of
    /// Slurm that may be requeued.
    pub secrets: Vec<(String, String)>,
    /// The nodes, at least 1. A machine that is reached by SSH is one node: there they are further processes.
    pub nodes: u32,
    /// The processes on each node, at least 1.
    pub processes: u32,
}

impl std::fmt::Debug for Launch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Launch")
            .field("folder", &self.folder)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// A worker that was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// How the launcher finds it again.
    pub handle: String,
    /// Whether this call started it; it may have been started by an earlier one whose answer was lost.
    pub new: bool,
}

/// A run to look at.
#[derive(Debug, Clone, Copy)]
pub struct RunThere<'a> {
    /// The run's id.
    pub run: &'a str,
    /// Its folder there.
    pub folder: &'a str,
    /// The attempt.
    pub attempt: u32,
    /// What [`Launcher::start`] returned, if the answer arrived.
    pub handle: Option<&'a str>,
}

/// How a worker there stands. It is always an answer from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// This attempt was never started.
    NotStarted,
    /// It is in a queue.
    Waiting {
        /// How the launcher finds it again.
        handle: String,
        /// Why it waits, in words.
        reason: Option<String>,
        /// Its place in the queue, from 1.
        place: Option<u32>,
        /// When it will probably start, by the clock there: RFC 3339.
        starts_at: Option<String>,
    },
    /// It runs.
    Running {
        /// How the launcher finds it again.
        handle: String,
    },
    /// It has ended, with this exit code if it is known; negative is the number of a signal.
    Ended {
        /// The exit code.
        exit: Option<i32>,
        /// What the launcher says about the end, in a sentence, where that is more than the exit code.
        why: Option<String>,
    },
    /// It is gone without an exit code: killed with its keeper, or the machine was restarted. A sentence says which.
    Vanished(String),
    /// Its folder is gone.
    FolderGone,
}

/// Starts workers on a target and looks after them.
#[async_trait::async_trait]
pub trait Launcher: std::fmt::Debug + Send + Sync {
    /// Starts a worker, once for a folder and attempt: a second call returns the handle of the first.
    async fn start(&self, connection: &Connection, launch: &Launch) -> Result<Started>;

    /// How the workers stand, in their order; asked for all at once.
    async fn look(&self, connection: &Connection, runs: &[RunThere<'_>]) -> Result<Vec<Condition>>;

    /// Asks a worker to stop, or ends it by force. Nothing happens if it does not run.
    async fn stop(&self, connection: &Connection, run: RunThere<'_>, force: bool) -> Result<()>;

    /// A script for a shell there that has a command line run where workers run, with the script's standard streams; none
    /// where that is the shell's own place.
    async fn around_attached(&self, _connection: &Connection, _line: &str) -> Result<Option<String>> {
        Ok(None)
    }

    /// Every command that a start runs there, for a person who confirms the target.
    fn commands(&self, settings: &TargetSettings) -> Vec<String>;
}
