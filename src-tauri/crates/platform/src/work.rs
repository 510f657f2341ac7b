//! Progress and cancellation of long work.

use std::sync::Arc;

use schema::{Error, Result};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

/// The progress of a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Progress {
    /// The finished part: bytes when a file is read, rows when rows are written.
    pub done: u64,
    /// The whole, in the unit of `done`, if it is known.
    pub total: Option<u64>,
    /// The rows read or written so far.
    pub rows: u64,
}

/// The connection between long work and its caller: the work reports progress and checks whether it was
/// cancelled. Cheap to clone.
#[derive(Clone)]
pub struct Work<P = Progress> {
    stop: CancellationToken,
    report: Arc<dyn Fn(P) + Send + Sync>,
}

impl Work {
    /// Calls `report` with each progress; the work ends when `stop` is cancelled.
    pub fn new(stop: CancellationToken, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self::with_progress(stop, report)
    }
}

impl<P> Work<P> {
    /// Like [`Work::new`], for another type of progress.
    pub fn with_progress(stop: CancellationToken, report: impl Fn(P) + Send + Sync + 'static) -> Self {
        Self { stop, report: Arc::new(report) }
    }

    /// Work without progress and cancellation.
    pub fn unwatched() -> Self {
        Self::with_progress(CancellationToken::new(), |_| {})
    }

    /// The same work for a part that reports its progress in another form.
    pub fn mapped<Q>(&self, form: impl Fn(Q) -> P + Send + Sync + 'static) -> Work<Q>
    where
        P: 'static,
    {
        let report = Arc::clone(&self.report);
        Work::with_progress(self.stop.clone(), move |progress| report(form(progress)))
    }

    /// Reports progress; an error with the code `Cancelled` after a cancellation.
    pub fn tick(&self, progress: P) -> Result<()> {
        if self.stop.is_cancelled() {
            return Err(Error::cancelled());
        }
        (self.report)(progress);
        Ok(())
    }

    /// Whether it was cancelled.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Waits for the cancellation.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }
}
