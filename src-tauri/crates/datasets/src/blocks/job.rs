//! What is read in blocks, and why that may end early.

use platform::Work;
use schema::Error;

use crate::{accumulator::ScanOptions, dataset_file::DatasetFile};

/// A file to be read.
pub(super) struct Job<'a> {
    pub(super) file: &'a DatasetFile,
    /// How large it is.
    pub(super) bytes: u64,
    /// How large its blocks are, mostly.
    pub(super) block: usize,
    pub(super) options: ScanOptions,
    pub(super) work: &'a Work,
}

/// Why the fast way ends before the file does.
pub(super) enum Stop {
    /// Something only the slow way knows how to read.
    Unusual,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
