//! The files that a job leaves in the run's folder, where they outlive what Slurm remembers.

/// A folder's file that asks its job to stop before the worker starts.
pub(super) const STOP: &str = "stop";

/// The tokens for the worker, a `NAME=value` a line, readable by its owner alone. The script of the job reads and removes
/// it before Python starts. Where Slurm may start the job again by itself, which the target's options have to ask for, it
/// stays until the job is over: the script removes it at its own end, and a look at the run where Slurm ended the job.
pub(super) const TOKENS: &str = ".tokens";

/// The names of an attempt's files.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks(u32);

impl Marks {
    /// Those of an attempt, from 1.
    pub(super) fn new(attempt: u32) -> Self {
        Self(attempt)
    }

    /// What the names begin with.
    pub(super) fn prefix(self) -> String {
        format!("slurm-{}", self.0)
    }

    /// Has the number of the job, once it runs. A second job of the attempt ends at once.
    pub(super) fn started(self) -> String {
        format!("{}.started", self.prefix())
    }

    /// Has the exit code, once the job is over.
    pub(super) fn exit(self) -> String {
        format!("{}.exit", self.prefix())
    }

    /// Is there if the job was asked to stop by something else than the studio.
    pub(super) fn cancelled(self) -> String {
        format!("{}.cancelled", self.prefix())
    }

    /// Is there once Slurm said that the time limit is near.
    pub(super) fn limit(self) -> String {
        format!("{}.limit", self.prefix())
    }
}
