//! A transfer as it is stored.

use schema::text_enum;
use serde::{Deserialize, Serialize};

text_enum! {
    /// The state of a transfer.
    pub enum TransferState {
        /// It waits for its turn.
        Queued = "queued", "Queued";
        /// A program carries it out, or did until it ended.
        Running = "running", "Running";
        /// It was paused. What was received is kept.
        Paused = "paused", "Paused";
        /// It ended with an error. What was received is kept.
        Failed = "failed", "Failed";
        /// It was cancelled, and what was received of it is removed.
        Cancelled = "cancelled", "Cancelled";
        /// Everything is in the local cache.
        Done = "done", "Done";
    }
}

impl TransferState {
    /// Whether it goes on without anyone's doing.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }

    /// Whether it has ended: only a new request begins it again.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Failed | Self::Cancelled | Self::Done)
    }
}

/// What a new transfer fetches. There is one transfer for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTransfer {
    /// The kind of repository: `model`, `adapter` or `dataset`.
    pub kind: String,
    /// The name on the Hub.
    pub name: String,
    /// A branch, a tag or a commit; none for `main`.
    pub revision: Option<String>,
    /// The part of a dataset, as JSON text; empty where nothing is chosen.
    pub part: String,
    /// The run that waits for it.
    pub run: Option<String>,
}

/// A transfer as it is stored. Times are in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTransfer {
    /// Its id.
    pub id: String,
    /// What it fetches.
    pub of: NewTransfer,
    /// Its state.
    pub state: TransferState,
    /// Its position in the queue; the smallest starts first.
    pub place: i64,
    /// What is known of its progress.
    pub progress: TransferProgress,
    /// The code of the error with which it failed.
    pub code: Option<String>,
    /// Why it failed, or why no bytes come at the moment.
    pub message: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// What was fetched, as JSON text.
    pub fetched: Option<String>,
    /// Whether the partial files of a cancelled transfer are still to be removed.
    pub discards: bool,
    /// When it was queued first.
    pub created_at: String,
    /// When it began last.
    pub started_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
}

/// The progress of a transfer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransferProgress {
    /// The commit that is fetched.
    pub commit: Option<String>,
    /// The bytes of needed files that are on this machine.
    pub bytes: u64,
    /// The bytes of all needed files.
    pub total: Option<u64>,
    /// The needed files that are complete.
    pub files: u64,
    /// The number of all needed files.
    pub of_files: Option<u64>,
    /// The bytes that were there at `rate_from`.
    pub rate_bytes: Option<u64>,
    /// A time some seconds before `at`, from which the rate is computed.
    pub rate_from: Option<String>,
    /// The time of this progress.
    pub at: Option<String>,
}

/// The rule by which transfers are started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TransferRule {
    /// The largest number of transfers that run at once.
    pub at_once: u32,
}

impl Default for TransferRule {
    fn default() -> Self {
        Self { at_once: 2 }
    }
}
