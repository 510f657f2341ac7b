//! What was found when a dataset's file was last read. It is stored beside the dataset, so that a change
//! of the file shows.

use std::path::Path;

use serde::Serialize;

use super::{dataset_file::DatasetFile, index::Index, read_options::ReadOptions, stamp::Stamp};

/// A file as it was when it was read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Where it was.
    pub path: String,
    /// What was chosen about how it was read.
    pub options: ReadOptions,
    /// Its size and time then.
    pub stamp: Stamp,
    /// BLAKE3 of all its bytes, in hexadecimal digits.
    pub hash: String,
    /// How many rows it had.
    pub rows: u64,
    /// Where its rows are, if they can be reached one by one.
    pub index: Option<Index>,
}

/// What is known of a file at some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct FileFacts {
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last written, in UTC.
    pub modified: String,
    /// How many rows it has, if it was read.
    pub rows: Option<u64>,
    /// BLAKE3 of its content in hexadecimal digits, if it was read.
    pub hash: Option<String>,
}

impl Stamp {
    /// Size and time, for people.
    pub fn facts(self) -> FileFacts {
        let modified = jiff::Timestamp::from_nanosecond(self.modified.into()).unwrap_or_default();
        FileFacts { bytes: self.bytes, modified: modified.to_string(), rows: None, hash: None }
    }
}

impl Reading {
    /// Size, time, rows and hash, for people.
    pub fn facts(&self) -> FileFacts {
        FileFacts { rows: Some(self.rows), hash: Some(self.hash.clone()), ..self.stamp.facts() }
    }

    /// Whether the file there is, at a glance, still the one that was read, and read in the same way.
    pub fn is_of(&self, file: &DatasetFile) -> bool {
        Path::new(&self.path) == file.path
            && self.options == file.options
            && Stamp::from_file(file).is_ok_and(|now| now == self.stamp)
    }
}
