//! What the remote executor needs of the place where workers of a target work, however it is reached.

use std::{collections::BTreeMap, fmt, path::Path, time::Duration};

use compute::{Condition, Followed, Follower, Launch, Parcel, RunThere, Sent, Started};
use platform::Work;
use schema::Result;

/// A place where workers work. Paths are relative to the target's folder, with `/` between their parts.
///
/// An error with the code `Unreachable` says that there was no answer: what runs there may go on, and the same call may
/// be repeated. Every other error is an answer.
#[async_trait::async_trait]
pub(super) trait Place: fmt::Debug + Send + Sync {
    /// The interpreter for workers, as [`Launch::python`] has it.
    async fn python(&self) -> Result<String>;

    /// Sends what does not lie there yet.
    async fn send(&self, parcel: &Parcel, work: &Work) -> Result<Sent>;

    /// The variables by which a worker sees so many devices alone, as far as it would see others, too.
    async fn device_variables(&self, wanted: u32) -> Result<Vec<(String, String)>>;

    /// Ends the incomplete line that a killed worker left in a file of the folder of its run, so that the next attempt
    /// starts a new one.
    async fn end_half_line(&self, file: &str) -> Result<()>;

    /// Starts a worker, once for a folder and attempt: a second call returns the handle of the first.
    async fn start(&self, launch: &Launch) -> Result<Started>;

    /// How workers stand, in their order; asked for all at once.
    async fn look(&self, runs: &[RunThere<'_>]) -> Result<Vec<Condition>>;

    /// Asks a worker to stop, or ends it by force. Nothing happens if it does not run.
    async fn stop(&self, run: RunThere<'_>, force: bool) -> Result<()>;

    /// Follows files of a folder, each from a length that is here already. Files may appear later.
    async fn follow(&self, folder: &str, files: &[(&str, u64)]) -> Result<Box<dyn Follow>>;

    /// The sizes of the files directly in a folder, by name; none if there is no such folder.
    async fn sizes(&self, folder: &str) -> Result<Option<BTreeMap<String, u64>>>;

    /// The bytes of a file or of all files below a folder; none if it does not exist.
    async fn size(&self, path: &str) -> Result<Option<u64>>;

    /// Fetches a file or a folder to `to`, which appears whole or not at all, and replaces what is there. The same call
    /// goes on after a cut.
    async fn fetch(&self, path: &str, to: &Path, work: &Work) -> Result<()>;

    /// Removes a file or folder. It is no error if there is none.
    async fn remove(&self, path: &str) -> Result<()>;

    /// Marks a folder, by a file of that name in it with this text.
    async fn mark(&self, folder: &str, name: &str, text: &str) -> Result<()>;

    /// Removes the folders directly `below` a folder that were marked like this more than `age` ago. Returns their names.
    async fn sweep(&self, below: &str, name: &str, text: &str, age: Duration) -> Result<Vec<String>>;

    /// Since when there is no sign of life, and why.
    fn silence(&self) -> Option<(String, String)>;

    /// The id of the job that carries out a run with that handle, where others than the studio find it by that.
    fn job<'a>(&self, _handle: &'a str) -> Option<&'a str> {
        None
    }

    /// How long processes may take to end after the worker's last event.
    fn remains(&self) -> Duration;

    /// Whether what is in the way of an answer passes only if a person puts it right.
    fn needs_a_person(&self) -> bool;
}

/// What is followed. Dropping it ends that.
#[async_trait::async_trait]
pub(super) trait Follow: Send {
    /// What happens next. An error with the code `Unreachable` ends it: follow again from the lengths that are here. It may
    /// be dropped before its end, and loses nothing then.
    async fn next(&mut self) -> Result<Followed>;
}

#[async_trait::async_trait]
impl Follow for Follower {
    async fn next(&mut self) -> Result<Followed> {
        Follower::next(self).await
    }
}
