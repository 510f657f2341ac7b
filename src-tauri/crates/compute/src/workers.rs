//! Workers there that are processes of their own, found by the files of their run folders.

use std::{collections::BTreeMap, time::Duration};

use schema::Result;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::connection::Connection;

/// The process of a worker there. A process number alone is not enough, since systems reuse them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handle {
    /// The number of the process, which leads its process group.
    pub pid: u32,
    /// When it started, in the system's own measure; empty where that is unknown.
    pub start: String,
    /// The system's start during which it was started; empty where that is unknown.
    pub boot: String,
    /// The host's own name.
    pub host: String,
    /// The attempt, from 1.
    pub attempt: u32,
}

/// What a run folder there says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Look {
    /// Whether the folder exists.
    pub there: bool,
    /// Whether a process holds its lock: the worker runs.
    pub held: bool,
    /// The process of the last start.
    pub handle: Option<Handle>,
    /// The exit code of the worker of that start; negative is the number of the signal that ended it.
    pub exit: Option<i32>,
    /// Whether the system was started anew since then.
    pub rebooted: bool,
    /// The free bytes where the folder is.
    pub free_bytes: Option<u64>,
    /// The sizes of the files directly in the folder, by name.
    pub sizes: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct Looks {
    looks: Vec<Look>,
}

#[derive(Deserialize)]
struct Signaled {}

#[derive(Deserialize)]
struct Swept {
    removed: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct WorkerStarted {
    pub(crate) new: bool,
    pub(crate) handle: Handle,
}

impl Connection {
    /// Starts a process of its own in a run folder there, which outlives the connection; once for an attempt. Its
    /// standard input is the folder's lock, its output goes to `log.txt`, without the secrets.
    pub(crate) async fn start_worker(
        &self,
        folder: &str,
        attempt: u32,
        command: &[String],
        environment: &BTreeMap<String, String>,
        secrets: &BTreeMap<String, String>,
    ) -> Result<WorkerStarted> {
        let head = json!({
            "do": "start",
            "folder": folder,
            "attempt": attempt,
            "command": command,
            "environment": environment,
            "secrets": secrets,
        });
        self.call(head).await
    }

    /// Looks at run folders there, in their order.
    pub async fn look(&self, folders: &[&str]) -> Result<Vec<Look>> {
        let looks: Looks = self.call(json!({ "do": "look", "folders": folders })).await?;
        Ok(looks.looks)
    }

    /// Removes the folders directly `below` a folder there in which the file `mark` has that text and was written more
    /// than `age` ago, by the clock there. Returns their names.
    pub async fn sweep(&self, below: &str, mark: &str, text: &str, age: Duration) -> Result<Vec<String>> {
        let head =
            json!({ "do": "sweep", "below": below, "mark": mark, "text": text, "seconds": age.as_secs() });
        let swept: Swept = self.call(head).await?;
        Ok(swept.removed)
    }

    /// Asks the worker of a run folder there to stop (a file `stop` and SIGTERM for its process group), or ends it by
    /// force (SIGKILL). Nothing happens if none runs.
    pub async fn signal(&self, folder: &str, force: bool) -> Result<()> {
        let _: Signaled = self.call(json!({ "do": "signal", "folder": folder, "force": force })).await?;
        Ok(())
    }
}
