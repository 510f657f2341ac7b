//! Where a run's worker works.

use std::fs::File;

use schema::Result;

use super::folder::RunFolder;

/// What starts, watches and stops a worker in a run folder. Everything else about a run is in its
/// folder, so an executor has nothing to remember but what it calls the worker: its handle.
#[async_trait::async_trait]
pub trait Executor: std::fmt::Debug + Send + Sync {
    /// Starts the worker of a prepared run and hands it the claim. Returns the handle.
    async fn start(&self, folder: &RunFolder, attempt: u32, claim: File) -> Result<String>;

    /// Whether anything of the run still works. The handle is looked for if it isn't known.
    async fn look(&self, folder: &RunFolder, handle: Option<&str>) -> Condition;

    /// Ends everything of the run: by a request that it may answer in its own time, or by force.
    async fn stop(&self, folder: &RunFolder, handle: Option<&str>, force: bool);
}

/// What an executor sees of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Nothing of it works any more; how it went out, if that was seen.
    Gone(Option<String>),
    /// Its worker is there.
    Working { handle: String },
    /// Its worker is gone, or was never there, but something holds the run.
    Held,
}
