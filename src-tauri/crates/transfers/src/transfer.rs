//! A transfer as hosts show it.

use hub::{CachedKind, DatasetPart, Fetched};
use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use store::{NewTransfer, StoredTransfer, TransferState};

use crate::rate::rate;

/// What to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TransferRequest {
    /// The kind, which decides which files are needed.
    pub kind: CachedKind,
    /// The name on the Hub.
    pub name: String,
    /// A branch, a tag or a commit; none for `main`.
    pub revision: Option<String>,
    /// The part of a dataset whose files are fetched.
    #[serde(default)]
    pub part: DatasetPart,
}

impl TransferRequest {
    pub(crate) fn to_new(&self, run: Option<&str>) -> NewTransfer {
        let given = |text: &Option<String>| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
            text.map(str::to_owned)
        };
        NewTransfer {
            kind: self.kind.into_str().to_owned(),
            name: self.name.trim().to_owned(),
            revision: given(&self.revision).filter(|revision| revision != "main"),
            run: run.map(str::to_owned),
            // The chosen part is compared as text, so it is written in one way.
            part: if self.part.is_whole() { String::new() } else { serde_json::json!(self.part).to_string() },
        }
    }
}

/// A fetch from the Hub into its local cache. Times are in UTC.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Transfer {
    /// Its id.
    pub id: String,
    /// What it fetches.
    #[serde(flatten)]
    pub request: TransferRequest,
    /// The run that it was queued for.
    pub run: Option<String>,
    /// Its state.
    pub state: TransferState,
    /// The commit that is fetched, once it is known.
    pub commit: Option<String>,
    /// The bytes of needed files that are on this machine.
    pub bytes: u64,
    /// The bytes of all needed files, once they are known.
    pub total: Option<u64>,
    /// The needed files that are complete.
    pub files: u64,
    /// The number of all needed files, once it is known.
    pub of_files: Option<u64>,
    /// The bytes that came in a second, over some seconds; none unless bytes come.
    pub rate: Option<f64>,
    /// The time left in seconds at this rate.
    pub seconds_left: Option<f64>,
    /// The code of the error with which it failed.
    pub code: Option<ErrorCode>,
    /// Why it failed, or why no bytes come at the moment.
    pub message: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// What was fetched, once it is done.
    pub fetched: Option<Fetched>,
    /// When it was queued first.
    pub created_at: String,
    /// When it began last.
    pub started_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
}

impl Transfer {
    /// # Errors
    /// The row holds a kind that this version of the program has not.
    pub(crate) fn from_stored(stored: StoredTransfer) -> Result<Self> {
        let StoredTransfer { id, of, state, progress, code, message, hint, .. } = stored;
        let kind = of.kind.parse().map_err(|text: String| Error::internal("reading a transfer", &text))?;
        let rate = rate(&progress).filter(|_| state == TransferState::Running);
        let left = progress.total.map(|total| total.saturating_sub(progress.bytes) as f64);
        Ok(Self {
            id,
            request: TransferRequest {
                kind,
                name: of.name,
                revision: of.revision,
                part: serde_json::from_str(&of.part).unwrap_or_default(),
            },
            run: of.run,
            state,
            commit: progress.commit,
            bytes: progress.bytes,
            total: progress.total,
            files: progress.files,
            of_files: progress.of_files,
            rate,
            seconds_left: rate.filter(|rate| *rate > 0.0).and_then(|rate| Some(left? / rate)),
            code: code.and_then(|code| serde_json::from_value(code.into()).ok()),
            message,
            hint,
            fetched: stored.fetched.and_then(|text| serde_json::from_str(&text).ok()),
            created_at: stored.created_at,
            started_at: stored.started_at,
            ended_at: stored.ended_at,
        })
    }

    /// The error with which it failed or was cancelled; none in other states.
    pub fn error(&self) -> Option<Error> {
        let name = &self.request.name;
        let error = match self.state {
            TransferState::Failed => Error::new(
                self.code.unwrap_or(ErrorCode::Internal),
                self.message.clone().unwrap_or_else(|| format!("{name} could not be fetched.")),
            ),
            TransferState::Cancelled => {
                Error::new(ErrorCode::Cancelled, format!("The transfer of {name} was cancelled."))
            }
            _ => return None,
        };
        Some(Error { hint: self.hint.clone(), ..error })
    }
}
