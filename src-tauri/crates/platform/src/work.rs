//! Work that takes longer than a blink: how far it is, and how it is stopped.

use std::sync::Arc;

use schema::{Error, Result};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

/// How far a piece of work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
pub struct Progress {
    /// Done so far: bytes when reading a file, rows when exporting.
    pub done: u64,
    /// All there is to do, in the unit of `done`, where it is known.
    pub total: Option<u64>,
    /// Rows seen so far.
    pub rows: u64,
}

/// Handed to long work: it reports its progress here and learns here that it should stop.
#[derive(Clone)]
pub struct Work<P = Progress> {
    stop: CancellationToken,
    report: Arc<dyn Fn(P) + Send + Sync>,
}

impl Work {
    /// Work that reports to `report` and stops when `stop` is cancelled.
    pub fn new(stop: CancellationToken, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self::telling(stop, report)
    }
}

impl<P> Work<P> {
    /// The same for work with a progress of another kind.
    pub fn telling(stop: CancellationToken, report: impl Fn(P) + Send + Sync + 'static) -> Self {
        Self { stop, report: Arc::new(report) }
    }

    /// Work that nobody watches or stops.
    pub fn unwatched() -> Self {
        Self::telling(CancellationToken::new(), |_| {})
    }

    /// Reports progress; an error when the person asked to stop.
    pub fn tick(&self, progress: P) -> Result<()> {
        if self.stop.is_cancelled() {
            return Err(Error::cancelled());
        }
        (self.report)(progress);
        Ok(())
    }

    /// Waits until the person asks to stop.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }
}
