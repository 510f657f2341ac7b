//! What is found on a target.

use std::collections::BTreeMap;

use schema::Result;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::connection::Connection;

/// What was found on a target. Nothing is changed there for it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Probe {
    /// The operating system, such as `Linux 6.1.0`.
    pub system: String,
    /// The kind of machine, such as `x86_64`.
    pub machine: String,
    /// The host's own name.
    pub host: String,
    /// Who is logged in.
    pub user: String,
    /// The C library with its version, such as `glibc 2.36` or `musl`; none where it is unknown.
    pub libc: Option<String>,
    /// The home folder.
    pub home: String,
    /// The target's folder as an absolute path.
    pub folder: String,
    /// Whether the studio has made the target's folder: its marker file lies there.
    pub prepared: bool,
    /// Why the target's folder can't be used, in a sentence; none if it can.
    pub folder_problem: Option<String>,
    /// The free bytes for this user where the folder is or would be.
    pub free_bytes: Option<u64>,
    /// The processors that a process may use.
    pub processors: u32,
    /// The memory in bytes; none where it is unknown.
    pub memory_bytes: Option<u64>,
    /// The interpreters on the path, and the one that the target names.
    pub pythons: Vec<PythonThere>,
    /// Programs that were looked for and found, with their absolute paths: `uv`, `conda`, `nvidia-smi`, `sbatch`,
    /// `squeue`, `scontrol`, `sacct`, `scancel`, `sinfo`, `srun`.
    pub programs: BTreeMap<String, String>,
    /// The GPUs that `nvidia-smi` lists.
    pub gpus: Vec<GpuThere>,
    /// How far the clock there is ahead of the clock here, in seconds.
    #[serde(default)]
    pub clock_offset: f64,
}

/// An interpreter there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PythonThere {
    /// Its absolute path.
    pub path: String,
    /// Its version, such as `3.11.7`; none if it could not be started.
    pub version: Option<String>,
}

/// A GPU there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct GpuThere {
    /// Its name.
    pub name: String,
    /// Its memory in bytes.
    pub memory: u64,
    /// The memory in bytes that no process uses now.
    pub free: u64,
}

#[derive(Deserialize)]
struct Probed {
    probe: Probe,
}

#[derive(Deserialize)]
pub(crate) struct Prepared {
    /// The target's folder as an absolute path.
    pub(crate) folder: String,
    /// The home there.
    home: String,
}

impl Prepared {
    /// An interpreter as the target or the studio names it: with an absolute path, or a name on the path there.
    pub(crate) fn python(&self, named: &str) -> String {
        match named.strip_prefix("~/") {
            Some(below) => format!("{}/{below}", self.home.trim_end_matches('/')),
            None if named.contains('/') && !named.starts_with('/') => format!("{}/{named}", self.folder),
            None => named.to_owned(),
        }
    }
}

impl Connection {
    /// Looks at what is there.
    pub async fn probe(&self) -> Result<Probe> {
        let probed: Probed = self.call(json!({ "do": "probe" })).await?;
        let (_, clock_offset) = self.channel().await?.beat();
        Ok(Probe { clock_offset, ..probed.probe })
    }

    /// Makes the target's folder, with mode 0700 and the marker file, where it is missing. Returns its absolute path.
    pub async fn prepare(&self) -> Result<String> {
        Ok(self.prepared().await?.folder)
    }

    /// The same with what paths there begin with.
    pub(crate) async fn prepared(&self) -> Result<Prepared> {
        self.call(json!({ "do": "prepare" })).await
    }
}
