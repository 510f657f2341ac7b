//! What an executor does for a run.

use std::{fs::File, time::Duration};

use platform::Work;
use python::EnvironmentKind;
use schema::{Error, Result};

use run_folder::folder::RunFolder;

/// Starts, watches and stops the worker of a run folder. The folder holds all other state of the
/// run; an executor's only state is the handle by which it finds the worker again.
#[async_trait::async_trait]
pub trait Executor: std::fmt::Debug + Send + Sync {
    /// Starts the worker of a prepared run in that environment and passes on the lock of the folder. Returns
    /// the handle; none where the start takes its time, and [`Executor::state`] says what becomes of it.
    async fn start(
        &self,
        folder: &RunFolder,
        environment: EnvironmentKind,
        attempt: u32,
        claim: File,
    ) -> Result<Option<String>>;

    /// How the worker of that attempt stands. Without a handle, it is searched for.
    async fn state(&self, folder: &RunFolder, attempt: u32, handle: Option<&str>) -> WorkerState;

    /// Ends all processes of the run: by a request to stop (SIGTERM), or by force (SIGKILL).
    async fn stop(&self, folder: &RunFolder, handle: Option<&str>, force: bool);

    /// Brings the checkpoints of a run that is over to this machine, and forgets that it was carried out elsewhere. The
    /// lock of its folder is held meanwhile. Where it was carried out here, there is nothing to do.
    ///
    /// # Errors
    /// Its place can't be reached, or the checkpoints can't be written here.
    async fn bring_back(&self, _folder: &RunFolder, _work: &Work) -> Result<()> {
        Ok(())
    }

    /// Waits until the state of every run that this program looks after is known, as long as `most`. Returns whether
    /// it waited for any.
    async fn settle(&self, _most: Duration) -> bool {
        false
    }
}

/// The state of a run's worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkerState {
    /// It was never started in this attempt, and nobody prepares that.
    NotStarted,
    /// It could not be started.
    Refused(Error),
    /// It is in a queue.
    Waiting {
        /// How the executor finds it again.
        handle: String,
    },
    /// The worker runs.
    Running {
        /// How the executor finds it again.
        handle: String,
    },
    /// The worker ended or was never started, but another process holds the lock.
    Held,
    /// Nothing is known now: it is being started, another program looks after it, or there was no answer yet.
    Unknown,
    /// No process of the run is left; the exit status, if it is known.
    Ended(Option<String>),
    /// No process of the run is left, for a reason that the executor knows: a sentence.
    Vanished(String),
    /// It has ended, and its results are not here, since bringing them was stopped: a sentence that says where they
    /// are.
    LeftThere(String),
}
