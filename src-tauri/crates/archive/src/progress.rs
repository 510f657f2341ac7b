//! The progress of an export or an import.

use platform::{Progress, Work};
use serde::Serialize;

schema::text_enum! {
    /// A step of an export or an import.
    pub enum ArchiveStep {
        /// The files to archive are listed, and their sizes added up.
        Listing = "listing", "Looking at files";
        /// The rows are written.
        Rows = "rows", "Writing rows";
        /// The files are read for their hashes.
        Hashing = "hashing", "Hashing files";
        /// The archive is written.
        Writing = "writing", "Writing the archive";
        /// The archive is read and compared with its manifest.
        Checking = "checking", "Checking the archive";
        /// The rows are compared with the store.
        Comparing = "comparing", "Comparing with this machine";
        /// The files are unpacked.
        Unpacking = "unpacking", "Unpacking files";
        /// The rows are imported.
        Importing = "importing", "Importing rows";
    }
}

/// The progress of an export or an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ArchiveProgress {
    /// The step.
    pub step: ArchiveStep,
    /// The finished part of this step: bytes of files, or rows where rows are written, imported or read.
    pub done: u64,
    /// The whole of this step in the same unit, if it is known.
    pub total: Option<u64>,
}

/// The part of the work that a snapshot does.
pub(crate) fn rows(work: &Work<ArchiveProgress>, step: ArchiveStep) -> Work {
    work.mapped(move |Progress { done, total, .. }| ArchiveProgress { step, done, total })
}

/// Counts the bytes of a step.
pub(crate) struct Bytes<'a> {
    work: &'a Work<ArchiveProgress>,
    step: ArchiveStep,
    done: u64,
    total: u64,
}

impl<'a> Bytes<'a> {
    pub(crate) fn new(work: &'a Work<ArchiveProgress>, step: ArchiveStep, total: u64) -> Self {
        Self { work, step, done: 0, total }
    }

    /// Adds bytes; an error after a cancellation.
    pub(crate) fn add(&mut self, bytes: usize) -> schema::Result<()> {
        self.done += bytes as u64;
        self.work.tick(ArchiveProgress { step: self.step, done: self.done, total: Some(self.total) })
    }
}
