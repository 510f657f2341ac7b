//! A file or folder of rows, and how it is to be read.

use std::path::{Path, PathBuf};

use crate::read_options::ReadOptions;

/// A file or folder of rows, and how it is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetFile {
    /// Where it is.
    pub path: PathBuf,
    /// What was chosen about how it is read.
    pub options: ReadOptions,
}

impl DatasetFile {
    /// A file that is read in a chosen way.
    pub fn new(path: impl Into<PathBuf>, options: ReadOptions) -> Self {
        Self { path: path.into(), options }
    }
}

impl From<&Self> for DatasetFile {
    fn from(file: &Self) -> Self {
        file.clone()
    }
}

impl From<&Path> for DatasetFile {
    fn from(path: &Path) -> Self {
        Self::new(path, ReadOptions::default())
    }
}

impl From<&PathBuf> for DatasetFile {
    fn from(path: &PathBuf) -> Self {
        Self::from(path.as_path())
    }
}

impl From<PathBuf> for DatasetFile {
    fn from(path: PathBuf) -> Self {
        Self::new(path, ReadOptions::default())
    }
}
