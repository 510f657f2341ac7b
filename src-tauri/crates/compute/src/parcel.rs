//! What is sent to a target.

use std::path::{Path, PathBuf};

use schema::Result;

use crate::content::files_below;

/// Files and folders of this machine with their places there.
#[derive(Debug, Clone, Default)]
pub struct Parcel {
    pub(crate) files: Vec<(Content, String)>,
    pub(crate) own: Vec<(PathBuf, String)>,
    pub(crate) folders: Vec<(PathBuf, String)>,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    File(PathBuf),
    Bytes(Vec<u8>),
}

impl Parcel {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a large file, such as rows: its content lies at `data/SHA256` there and is linked to `to`, so that it is
    /// never sent twice.
    #[must_use]
    pub fn with_file(mut self, from: impl Into<PathBuf>, to: impl Into<String>) -> Self {
        self.files.push((Content::File(from.into()), to.into()));
        self
    }

    /// Adds a file that the run there goes on to write, such as its events: a copy of its own at `to`, which replaces
    /// what is there.
    #[must_use]
    pub fn with_own_file(mut self, from: impl Into<PathBuf>, to: impl Into<String>) -> Self {
        self.own.push((from.into(), to.into()));
        self
    }

    /// Adds every file below a folder as one that the run there goes on to write, below `to`.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn with_own_folder(mut self, from: &Path, to: &str) -> Result<Self> {
        let found = files_below(from)?;
        self.own.extend(found.into_iter().map(|(name, path)| (path, format!("{to}/{name}"))));
        Ok(self)
    }

    /// Adds a small file with these bytes, such as `job.json`. It is written whole and replaces what is there.
    #[must_use]
    pub fn with_bytes(mut self, bytes: impl Into<Vec<u8>>, to: impl Into<String>) -> Self {
        self.files.push((Content::Bytes(bytes.into()), to.into()));
        self
    }

    /// Adds a folder with all of its files, such as a model or the worker's package. It becomes `below/HASH` there, with
    /// the hash of its listing; [`Sent::folders`] has the path.
    #[must_use]
    pub fn with_folder(mut self, from: impl Into<PathBuf>, below: impl Into<String>) -> Self {
        self.folders.push((from.into(), below.into()));
        self
    }
}

/// A parcel that lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The bytes that were sent by this call.
    pub bytes: u64,
    /// Where the folders lie, in the order of [`Parcel::with_folder`], relative to the target's folder.
    pub folders: Vec<String>,
}
