//! What a check of a target finds there.

use schema::text_enum;
use serde::{Deserialize, Serialize};

text_enum! {
    /// What a finding means for a run there.
    pub enum FindingLevel {
        /// A run can't start.
        Problem = "problem", "Problem";
        /// A run starts, with less than it might have.
        Remark = "remark", "Remark";
        /// As it should be.
        Fine = "fine", "Fine";
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct CheckFinding {
    /// What it means for a run.
    pub level: FindingLevel,
    /// What was found, as a sentence.
    pub text: String,
    /// The way out, if it is not fine.
    pub hint: Option<String>,
}

/// The key by which a host proves that it is the one it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HostKey {
    /// The kind of key, such as `ED25519`.
    pub kind: String,
    /// Its fingerprint, such as `SHA256:…`.
    pub fingerprint: String,
    /// Whether a file of known hosts that the SSH configuration names has this key.
    pub known: bool,
}

/// A Python interpreter of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct FoundPython {
    /// Its path there.
    pub path: String,
    /// Its version, such as `3.11.4`.
    pub version: String,
    /// The versions of the packages that training needs, as far as they are installed.
    pub packages: Vec<FoundPackage>,
}

/// An installed package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct FoundPackage {
    /// Its name, such as `torch`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A GPU of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct FoundGpu {
    /// Its name.
    pub name: String,
    /// Its memory in bytes.
    pub memory: u64,
    /// Its memory in bytes that nothing used at the check, where that is known.
    pub free: Option<u64>,
}

/// What Slurm says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SlurmFacts {
    /// Its version, such as `22.05.8`.
    pub version: String,
    /// Its partitions.
    pub partitions: Vec<SlurmPartition>,
}

/// A partition of Slurm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SlurmPartition {
    /// Its name.
    pub name: String,
    /// Whether jobs that name none are put into it.
    pub default: bool,
    /// The longest time of a job, as Slurm writes it: `1-00:00:00`, or `infinite`.
    pub time_limit: String,
    /// The number of nodes.
    pub nodes: u32,
    /// What its nodes have beside processors, as Slurm writes it: `gpu:a100:4`. None if there is nothing.
    pub gres: Option<String>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TargetCheck {
    /// Whether the target answered.
    pub reachable: bool,
    /// Whether a run can start there.
    pub can_run: bool,
    /// What was looked at, in the order in which it was.
    pub findings: Vec<CheckFinding>,
    /// The key of the host; none of a host without SSH, or if none was seen.
    pub host_key: Option<HostKey>,
    /// The Python interpreters that were found.
    pub pythons: Vec<FoundPython>,
    /// The GPUs of the machine itself; of a cluster those of the machine that is logged in to.
    pub gpus: Vec<FoundGpu>,
    /// The free bytes where the target's folder is.
    pub free_bytes: Option<u64>,
    /// What Slurm says of itself.
    pub slurm: Option<SlurmFacts>,
}

/// The last check of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LastCheck {
    /// When it was made: UTC, RFC 3339.
    pub at: String,
    /// What it found.
    pub check: TargetCheck,
}
