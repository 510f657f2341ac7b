//! By what a file is known to be the one that was read, without reading it again.

use std::{
    fs::Metadata,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use schema::{Error, Result};

use super::{dataset_file::DatasetFile, folder};

/// Size and time of a file: as long as they are the same, so is the file, in all likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Size in bytes, of all files of a folder together.
    pub bytes: u64,
    /// Nanoseconds since 1970.
    pub modified: i64,
}

/// All that the file system says of each file of a dataset: enough to see that a file was replaced, or
/// written again within the same second, with content of the same size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileStamps(Vec<FileStamp>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct FileStamp {
    path: PathBuf,
    stamp: Stamp,
    identity: Identity,
}

/// The file itself and, unlike the time of its content, a time that programs cannot set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    /// Seconds and nanoseconds since 1970.
    changed: (i64, i64),
}

impl Stamp {
    /// That of a file, or of all files of a folder that are read: their sizes together, and the latest time.
    pub fn from_file(file: &DatasetFile) -> Result<Self> {
        Ok(FileStamps::from_file(file)?.stamp())
    }

    /// That of a file or a folder of which nothing was chosen.
    pub fn from_path(path: &Path) -> Result<Self> {
        Self::from_file(&path.into())
    }

    fn from_metadata(metadata: &Metadata) -> Self {
        let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified = since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or_default();
        Self { bytes: metadata.len(), modified }
    }
}

impl FileStamps {
    pub(crate) fn from_file(file: &DatasetFile) -> Result<Self> {
        let stamps = folder::all_files(file)?.into_iter().map(|path| {
            let metadata = std::fs::metadata(&path).map_err(|error| Error::file("read", &path, &error))?;
            let (stamp, identity) = (Stamp::from_metadata(&metadata), Identity::from_metadata(&metadata));
            Ok(FileStamp { path, stamp, identity })
        });
        stamps.collect::<Result<_>>().map(Self)
    }

    /// The sizes of all files together, and the latest time.
    pub(crate) fn stamp(&self) -> Stamp {
        self.0.iter().fold(Stamp { bytes: 0, modified: 0 }, |all, file| Stamp {
            bytes: all.bytes + file.stamp.bytes,
            modified: all.modified.max(file.stamp.modified),
        })
    }
}

impl Identity {
    #[cfg(unix)]
    fn from_metadata(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Elsewhere the time of creation takes the place of the file's number.
    #[cfg(not(unix))]
    fn from_metadata(metadata: &Metadata) -> Self {
        let created = metadata.created().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let created = created.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or_default();
        Self { device: 0, inode: 0, changed: (0, created) }
    }
}
