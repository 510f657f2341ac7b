//! Passes over whole files for rules and imports, without reading a file twice.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use platform::Work;
use resources::DatasetType;
use schema::Result;

use crate::{
    reading::Reading,
    scan::{Scan, read},
};

/// The result of the latest pass over a file. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct LatestScan(Arc<Mutex<Option<(Scan, Reading)>>>);

/// Reads files with progress and Cancel, unless the latest pass was over the same, unchanged file.
#[derive(Clone)]
pub struct Scanner {
    work: Work,
    latest: LatestScan,
}

impl Scanner {
    /// A scanner that reports to `work` and shares its latest result with others.
    pub fn new(work: Work, latest: LatestScan) -> Self {
        Self { work, latest }
    }

    /// A scanner for work that nobody watches.
    pub fn unwatched() -> Self {
        Self::new(Work::unwatched(), LatestScan::default())
    }

    /// What is in a file, and by what it is recognized later. `kind` must agree with what the
    /// name's ending says.
    pub async fn scan(&self, path: &Path, kind: Option<DatasetType>) -> Result<(Scan, Reading)> {
        let latest = self.latest.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((scan, reading)) = latest
            && reading.is_of(path)
            && kind.is_none_or(|kind| kind == scan.r#type)
        {
            return Ok((scan, reading));
        }
        let read = read(path, kind, &self.work).await?;
        *self.latest.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(read.clone());
        Ok(read)
    }
}
