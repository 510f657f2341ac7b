//! What a preflight read. As long as all of it is the same, so is its result.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use compute::LastCheck;
use datasets::{DatasetFile, Stamp};
use python::{Accelerator, EnvironmentKind};
use schema::{Row, TableName};

/// The rows, files and surroundings that a preflight depended on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inputs {
    /// Rows by their ids; none where there was no such row.
    pub(super) rows: Vec<(TableName, String, Option<Row>)>,
    /// The files of datasets; none where nothing could be read.
    pub(super) datasets: Vec<(DatasetFile, Option<Stamp>)>,
    /// Scripts, and folders of models and adapters.
    pub(super) files: Vec<(PathBuf, Vec<FileStamp>)>,
    /// Models and datasets of the Hub, and their folders in the local cache.
    pub(super) cached: Vec<(String, Option<PathBuf>)>,
    /// Whether the program was set to work offline.
    pub(super) offline: bool,
    /// What an environment computes on.
    pub(super) accelerators: Option<(EnvironmentKind, Vec<Accelerator>)>,
    /// The id of the compute target, and its last check.
    pub(super) target: Option<(String, Option<LastCheck>)>,
    /// Whether it depended on something that is not recorded here, such as the result of a search.
    pub(super) incomplete: bool,
}

impl Inputs {
    pub(super) fn new(offline: bool) -> Self {
        Self { offline, ..Self::default() }
    }

    pub(super) fn add_row(&mut self, table: TableName, id: &str, row: Option<&Row>) {
        self.rows.push((table, id.to_owned(), row.cloned()));
    }

    pub(super) fn add_dataset(&mut self, file: &DatasetFile) {
        self.datasets.push((file.clone(), Stamp::from_file(file).ok()));
    }

    /// A file, or a folder with the files directly in it.
    pub(super) fn add_file(&mut self, path: &Path) {
        self.files.push((path.to_owned(), stamps(path)));
    }

    pub(super) fn add_cached(&mut self, name: &str, folder: Option<&Path>) {
        self.cached.push((name.to_owned(), folder.map(Path::to_owned)));
    }

    pub(super) fn set_accelerators(&mut self, kind: EnvironmentKind, accelerators: &[Accelerator]) {
        self.accelerators = Some((kind, accelerators.to_vec()));
    }

    pub(super) fn set_target(&mut self, id: &str, last: Option<LastCheck>) {
        self.target = Some((id.to_owned(), last));
    }

    /// Records that the preflight depended on more than these inputs.
    pub(super) fn set_incomplete(&mut self) {
        self.incomplete = true;
    }
}

/// The path, size in bytes and time of the last change of a file.
pub(super) type FileStamp = (PathBuf, u64, Option<SystemTime>);

/// The stamps of a file, or of all files directly in a folder; empty where it can't be read.
pub(super) fn stamps(path: &Path) -> Vec<FileStamp> {
    let paths: Vec<PathBuf> = match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(_) => vec![path.to_owned()],
    };
    let mut stamps: Vec<FileStamp> = paths
        .into_iter()
        .filter_map(|path| {
            let metadata = std::fs::metadata(&path).ok()?;
            Some((path, metadata.len(), metadata.modified().ok()))
        })
        .collect();
    stamps.sort();
    stamps
}
