//! A run: one execution of a fine-tuning job, or of evaluation jobs that were started together, or an export.

use schema::{TableName, text_enum};
use serde::{Deserialize, Serialize};

text_enum! {
    /// What a run does.
    pub enum RunKind {
        /// It trains an adapter.
        Training = "training", "Training";
        /// It evaluates models and adapters.
        Evaluation = "evaluation", "Evaluation";
        /// It writes a model or an adapter for other programs. It has no job.
        Export = "export", "Export";
    }
}

text_enum! {
    /// The state of a run.
    pub enum RunState {
        /// It is in the queue.
        Queued = "queued", "Queued";
        /// Its rows are being prepared, and what it needs is sent to its compute target.
        Preparing = "preparing", "Preparing";
        /// It is in the queue of a cluster.
        Waiting = "waiting", "Waiting";
        /// Its worker runs.
        Running = "running", "Running";
        /// Its stop was requested.
        Stopping = "stopping", "Stopping";
        /// Its worker finished the job.
        Succeeded = "succeeded", "Succeeded";
        /// Its worker, or the preparation of its rows, failed.
        Failed = "failed", "Failed";
        /// It was stopped.
        Stopped = "stopped", "Stopped";
        /// Its worker ended without a result.
        Lost = "lost", "Lost";
    }
}

impl RunKind {
    /// The table with the jobs of such a run; none where it has no job.
    pub const fn table(self) -> Option<TableName> {
        match self {
            Self::Training => Some(TableName::FineTuningJobs),
            Self::Evaluation => Some(TableName::EvaluationJobs),
            Self::Export => None,
        }
    }
}

impl RunState {
    /// Whether the run has not ended.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Queued | Self::Preparing | Self::Waiting | Self::Running | Self::Stopping)
    }

    /// Whether the run ended without success, so that it can be retried.
    pub fn is_unsuccessful(self) -> bool {
        matches!(self, Self::Failed | Self::Stopped | Self::Lost)
    }

    /// Whether the run counts towards [`QueueRule::at_once`].
    pub fn is_active(self) -> bool {
        self.is_live() && self != Self::Queued
    }
}

/// A run. Times are in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Run {
    /// The fine-tuning job's id, or the `parent_job_id` of the evaluation jobs, or that of the export alone.
    pub id: String,
    /// What it does.
    pub kind: RunKind,
    /// Its name for users.
    pub name: String,
    /// Its state.
    pub state: RunState,
    /// Its position in the queue; the smallest starts first.
    pub place: i64,
    /// The number of the attempt, from 1. A retry counts if the worker of the attempt before it started.
    pub attempt: u32,
    /// The reason of its end, in a sentence.
    pub note: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// When it was queued first.
    pub created_at: String,
    /// When the preparation of this attempt began, before its worker starts. `None` while it is queued.
    pub started_at: Option<String>,
    /// When its stop was requested.
    pub stop_asked_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// The id of the compute target on which it works; none for this machine.
    pub target: Option<String>,
    /// The executor's handle of the worker.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", specta(skip))]
    pub handle: Option<String>,
}

/// The rule by which queued runs are started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct QueueRule {
    /// Whether no run is started.
    pub paused: bool,
    /// The largest number of active runs on this machine, and on each other machine. Clusters have queues of
    /// their own.
    pub at_once: u32,
}

impl Default for QueueRule {
    fn default() -> Self {
        Self { paused: false, at_once: 1 }
    }
}
