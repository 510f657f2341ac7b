//! What is counted and reported while several files come in.

use std::{
    pin::pin,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use platform::Work;
use schema::{Error, ErrorCode, Result};
use serde::Serialize;
use tokio::time::interval;

use super::listing::RemoteFile;

/// The time between two reports of progress.
const REPORT_EVERY: Duration = Duration::from_millis(100);

/// The progress of a fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct FetchProgress {
    /// The commit that is fetched.
    pub commit: String,
    /// The bytes of needed files that are on this machine.
    pub bytes: u64,
    /// The bytes of all needed files.
    pub total: u64,
    /// The needed files that are complete.
    pub files: u64,
    /// The number of all needed files.
    pub of_files: u64,
    /// Why no bytes come at the moment, in a sentence.
    pub waiting: Option<String>,
}

/// What is counted while several files come in.
pub(crate) struct Count {
    commit: String,
    total: u64,
    of_files: u64,
    bytes: AtomicU64,
    files: AtomicU64,
    received: AtomicU64,
    waiting: Mutex<Option<String>>,
    work: Work<FetchProgress>,
}

impl Count {
    pub(super) fn new(commit: &str, files: &[RemoteFile], work: Work<FetchProgress>) -> Self {
        Self {
            commit: commit.to_owned(),
            total: files.iter().map(|file| file.size).sum(),
            of_files: files.len() as u64,
            bytes: AtomicU64::new(0),
            files: AtomicU64::new(0),
            received: AtomicU64::new(0),
            waiting: Mutex::new(None),
            work,
        }
    }

    /// The bytes of all needed files.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// The number of all needed files.
    pub(super) fn files(&self) -> u64 {
        self.of_files
    }

    /// The bytes that came over the network.
    pub(super) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Counts bytes that were there already.
    pub(crate) fn there(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Counts bytes that came in.
    pub(crate) fn add_received(&self, bytes: u64) {
        self.there(bytes);
        self.received.fetch_add(bytes, Ordering::Relaxed);
        self.set_waiting(None);
    }

    /// Sets why no bytes come.
    pub(crate) fn set_waiting(&self, why: Option<String>) {
        if let Ok(mut waiting) = self.waiting.lock() {
            *waiting = why;
        }
    }

    /// Takes back bytes that are fetched again.
    pub(crate) fn discard(&self, bytes: u64) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Counts a file that was there, with its bytes.
    pub(crate) fn complete(&self, bytes: u64) {
        self.there(bytes);
        self.finish_file();
    }

    /// Counts a file whose bytes are counted.
    pub(crate) fn finish_file(&self) {
        self.files.fetch_add(1, Ordering::Relaxed);
    }

    /// Reports the progress while `future` runs, and after it.
    pub(super) async fn reporting<T>(&self, future: impl Future<Output = T>) -> T {
        let mut ticks = interval(REPORT_EVERY);
        let mut future = pin!(future);
        loop {
            tokio::select! {
                result = &mut future => {
                    self.report();
                    return result;
                }
                _ = ticks.tick() => self.report(),
            }
        }
    }

    fn report(&self) {
        let progress = FetchProgress {
            commit: self.commit.clone(),
            bytes: self.bytes.load(Ordering::Relaxed),
            total: self.total,
            files: self.files.load(Ordering::Relaxed),
            of_files: self.of_files,
            waiting: self.waiting.lock().ok().and_then(|waiting| waiting.clone()),
        };
        // The error of a cancellation, which each file finds by itself.
        let _ = self.work.tick(progress);
    }

    /// The result of `future`, or the error of a cancellation if that comes first.
    pub(crate) async fn stoppable<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        stoppable(&self.work, future).await
    }
}

/// The result of `future`, or the error of a cancellation if that comes first.
pub(super) async fn stoppable<T>(work: &Work<FetchProgress>, future: impl Future<Output = T>) -> Result<T> {
    tokio::select! {
        () = work.stopped() => Err(cancelled()),
        result = future => Ok(result),
    }
}

fn cancelled() -> Error {
    Error::new(ErrorCode::Cancelled, "Cancelled. What was received is kept.")
        .hint("Fetch it again to go on where it stopped.")
}
