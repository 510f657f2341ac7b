//! What an executor does for a run.

use std::fs::File;

use python::EnvironmentKind;
use schema::Result;

use run_folder::folder::RunFolder;

/// Starts, watches and stops the worker of a run folder. The folder holds all other state of the
/// run; an executor's only state is the handle by which it finds the worker again.
#[async_trait::async_trait]
pub trait Executor: std::fmt::Debug + Send + Sync {
    /// Starts the worker of a prepared run in that environment and passes it the lock of the folder. Returns
    /// the handle.
    async fn start(
        &self,
        folder: &RunFolder,
        environment: EnvironmentKind,
        attempt: u32,
        claim: File,
    ) -> Result<String>;

    /// Whether a process of the run is running. Without a handle, the worker is searched for.
    async fn state(&self, folder: &RunFolder, handle: Option<&str>) -> WorkerState;

    /// Ends all processes of the run: by a request to stop (SIGTERM), or by force (SIGKILL).
    async fn stop(&self, folder: &RunFolder, handle: Option<&str>, force: bool);
}

/// The state of a run's worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkerState {
    /// No process of the run is left; the exit status, if it is known.
    Ended(Option<String>),
    /// The worker runs.
    Running {
        /// How the executor finds it again.
        handle: String,
    },
    /// The worker ended or was never started, but another process holds the lock.
    Held,
}
