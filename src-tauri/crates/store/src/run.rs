//! A run: one execution of a fine-tuning job, or of evaluation jobs that were started together.

use schema::{TableName, text_enum};
use serde::{Deserialize, Serialize};

text_enum! {
    /// What a run does.
    pub enum RunKind {
        /// It trains an adapter.
        Training = "training", "Training";
        /// It measures models and adapters.
        Evaluation = "evaluation", "Evaluation";
    }
}

text_enum! {
    /// Where a run is in its life.
    pub enum RunState {
        /// It waits in the queue.
        Queued = "queued", "Queued";
        /// Its rows are being prepared.
        Preparing = "preparing", "Preparing";
        /// Its worker runs.
        Running = "running", "Running";
        /// It was asked to stop and has not yet.
        Stopping = "stopping", "Stopping";
        /// Its worker finished the job.
        Succeeded = "succeeded", "Succeeded";
        /// Its worker, or the preparation of its rows, failed.
        Failed = "failed", "Failed";
        /// It was stopped.
        Stopped = "stopped", "Stopped";
        /// Its worker ended without saying how.
        Lost = "lost", "Lost";
    }
}

impl RunKind {
    /// The table of the jobs that such a run does.
    pub const fn table(self) -> TableName {
        match self {
            Self::Training => TableName::FineTuningJobs,
            Self::Evaluation => TableName::EvaluationJobs,
        }
    }
}

impl RunState {
    /// Whether it may still change by itself.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Queued | Self::Preparing | Self::Running | Self::Stopping)
    }

    /// Whether it ended without success, so that it can be retried.
    pub fn is_unsuccessful(self) -> bool {
        matches!(self, Self::Failed | Self::Stopped | Self::Lost)
    }

    /// Whether it takes one of the places of runs that go at once.
    pub fn is_active(self) -> bool {
        self.is_live() && self != Self::Queued
    }
}

/// A run. Times are in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Run {
    /// The fine-tuning job's id, or the `parent_job_id` of the evaluation jobs.
    pub id: String,
    /// What it does.
    pub kind: RunKind,
    /// What a person calls it.
    pub name: String,
    /// Where it is in its life.
    pub state: RunState,
    /// Its order in the queue: the smallest comes first.
    pub place: i64,
    /// The number of the attempt, from 1. A retry counts if the worker of the attempt before it started.
    pub attempt: u32,
    /// Why it ended as it did, in a sentence.
    pub note: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// When it was asked for.
    pub created_at: String,
    /// When the preparation of this attempt began, before its worker starts. `None` while it is queued.
    pub started_at: Option<String>,
    /// When it was asked to stop.
    pub stop_asked_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// What the executor knows the worker by.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", specta(skip))]
    pub handle: Option<String>,
}

/// The runs that wait, and whether they may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct QueueRule {
    /// Whether no waiting run is started.
    pub paused: bool,
    /// How many runs go at once; 1 unless a person chose otherwise.
    pub at_once: u32,
}

impl Default for QueueRule {
    fn default() -> Self {
        Self { paused: false, at_once: 1 }
    }
}
