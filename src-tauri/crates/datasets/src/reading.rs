//! What was found when a dataset's file was last read, kept beside the dataset so that a change of
//! the file is noticed.

use std::{io::Read as _, path::Path, time::UNIX_EPOCH};

use platform::{Progress, Work};
use schema::{Error, Result};
use serde::Serialize;

use super::{folder, index::Index};

/// A file as it was when it was read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Where it was.
    pub path: String,
    /// Its size and time then.
    pub stamp: Stamp,
    /// BLAKE3 of all its bytes, in hexadecimal digits.
    pub hash: String,
    /// How many rows it had.
    pub rows: u64,
    /// Where its rows are, if they can be reached one by one.
    pub index: Option<Index>,
}

/// What a glance tells of a file: as long as it is the same, so is the file, in all likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Size in bytes, of all files of a folder together.
    pub bytes: u64,
    /// Nanoseconds since 1970.
    pub modified: i64,
}

/// What is known of a file at some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
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
    /// That of a file, or of all files of a folder: their sizes together, and the latest time.
    pub fn of(path: &Path) -> Result<Self> {
        let mut stamp = Self { bytes: 0, modified: 0 };
        for file in folder::all_files(path)? {
            let metadata = std::fs::metadata(&file).map_err(|error| Error::file("read", &file, &error))?;
            let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            let modified = since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or_default();
            stamp.bytes += metadata.len();
            stamp.modified = stamp.modified.max(modified);
        }
        Ok(stamp)
    }

    /// The same, or `None` if there is nothing to read.
    pub fn of_file(path: &Path) -> Option<Self> {
        Self::of(path).ok()
    }

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

    /// Whether the file there is, at a glance, still the one that was read.
    pub fn is_of(&self, path: &Path) -> bool {
        Path::new(&self.path) == path && Stamp::of_file(path) == Some(self.stamp)
    }
}

/// BLAKE3 of a file's bytes, or of the names and bytes of all files of a folder, once its rows are read.
pub(super) fn hash(path: &Path, rows: u64, work: &Work) -> Result<String> {
    let bytes = Stamp::of(path)?.bytes;
    let (mut hasher, mut block) = (blake3::Hasher::new(), vec![0; 1 << 20]);
    for file in folder::all_files(path)? {
        let failed = |error| Error::file("read", &file, &error);
        if let Ok(name) = file.strip_prefix(path)
            && name != Path::new("")
        {
            hasher.update(name.as_os_str().as_encoded_bytes());
            hasher.update(&[0]);
        }
        let mut file = std::fs::File::open(&file).map_err(failed)?;
        loop {
            let read = file.read(&mut block).map_err(failed)?;
            if read == 0 {
                break;
            }
            hasher.update(block.get(..read).unwrap_or_default());
            work.tick(Progress { done: bytes, total: Some(bytes), rows })?;
        }
    }
    Ok(hasher.finalize().to_hex().to_string())
}
