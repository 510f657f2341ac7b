//! What a check found.

use std::collections::BTreeMap;

use python::Accelerator;
use schema::{Error, text_enum};
use serde::{Deserialize, Serialize};

use crate::{EnvironmentThere, GpuThere, HostKey, PythonThere};

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

/// What the interpreter for runs has of what training needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct StackThere {
    /// The path of the interpreter.
    pub python: String,
    /// Its version, such as `3.11.7`.
    pub version: String,
    /// The version of each library that training uses; `None` if it is not installed.
    pub packages: BTreeMap<String, Option<String>>,
    /// The libraries that training needs and that are not installed.
    pub missing: Vec<String>,
    /// The accelerators that PyTorch finds on the machine that is logged in to.
    pub accelerators: Vec<Accelerator>,
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
    /// The generic resources of its nodes, as Slurm writes them: `gpu:a100:4`. None if they have none.
    pub gres: Option<String>,
}

/// Something of a workbench that a target can name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct WorkbenchChoice {
    /// How the target's settings name it.
    pub value: String,
    /// What it is, for people.
    pub label: String,
}

/// What a workbench says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct WorkbenchFacts {
    /// The project's name; none where it can't be seen.
    pub project: Option<String>,
    /// The runtimes with a Python that the worker runs with.
    pub runtimes: Vec<WorkbenchChoice>,
    /// The addons of runtimes.
    pub addons: Vec<WorkbenchChoice>,
    /// The labels of GPUs.
    pub gpu_labels: Vec<WorkbenchChoice>,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TargetCheck {
    /// Whether the target answered.
    pub reachable: bool,
    /// Whether a run can start there.
    pub can_run: bool,
    /// What was looked at, in the order in which it was.
    pub findings: Vec<CheckFinding>,
    /// The key of the host, or of the first host on the way that is not known; none without SSH, or if none was seen.
    pub host_key: Option<HostKey>,
    /// The Python interpreters that were found.
    pub pythons: Vec<PythonThere>,
    /// What the interpreter for runs has; none if it could not be asked.
    pub stack: Option<StackThere>,
    /// The environment that the studio makes there; none where the target names an interpreter, or it could not be asked.
    pub environment: Option<EnvironmentThere>,
    /// The GPUs that `nvidia-smi` lists; of a cluster those of the machine that is logged in to.
    pub gpus: Vec<GpuThere>,
    /// The processors that a process may use on the machine that is logged in to.
    pub processors: Option<u32>,
    /// The memory of that machine in bytes, without that of its GPUs.
    pub memory_bytes: Option<u64>,
    /// The free bytes where the target's folder is.
    pub free_bytes: Option<u64>,
    /// What Slurm says of itself.
    pub slurm: Option<SlurmFacts>,
    /// What a workbench says of itself.
    pub workbench: Option<WorkbenchFacts>,
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

impl TargetCheck {
    pub(super) fn fine(&mut self, text: impl Into<String>) {
        self.found(FindingLevel::Fine, text.into(), None);
    }

    pub(super) fn remark(&mut self, text: impl Into<String>, hint: impl Into<String>) {
        self.found(FindingLevel::Remark, text.into(), Some(hint.into()));
    }

    pub(super) fn problem(&mut self, text: impl Into<String>, hint: impl Into<String>) {
        self.found(FindingLevel::Problem, text.into(), Some(hint.into()));
    }

    /// Adds what is in the way of any further look, as a problem.
    pub fn refusal(&mut self, error: Error) {
        self.found(FindingLevel::Problem, error.message, error.hint);
    }

    fn found(&mut self, level: FindingLevel, text: String, hint: Option<String>) {
        self.findings.push(CheckFinding { level, text, hint });
    }
}
