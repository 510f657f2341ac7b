//! What a preflight read. As long as all of it is the same, so is its result.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use datasets::Stamp;
use python::Accelerator;
use schema::{ErrorCode, Result, Row, TableName};

use crate::runs::Runs;

/// The rows, files and surroundings that a preflight depended on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inputs {
    /// Rows by their ids; none where there was no such row.
    rows: Vec<(TableName, String, Option<Row>)>,
    /// The files of datasets; none where nothing could be read.
    datasets: Vec<(PathBuf, Option<Stamp>)>,
    /// Scripts, and folders of models and adapters.
    files: Vec<(PathBuf, Vec<FileStamp>)>,
    /// Models and datasets of the hub, and their folders in the local cache.
    cached: Vec<(String, Option<PathBuf>)>,
    /// Whether the program was set to work offline.
    offline: bool,
    accelerators: Vec<Accelerator>,
    /// Whether it depended on something that is not recorded here, such as the result of a search.
    incomplete: bool,
}

impl Inputs {
    pub(super) fn new(runs: &Runs) -> Self {
        Self { offline: runs.hub.is_offline(), ..Self::default() }
    }

    pub(super) fn add_row(&mut self, table: TableName, id: &str, row: Option<&Row>) {
        self.rows.push((table, id.to_owned(), row.cloned()));
    }

    pub(super) fn add_dataset(&mut self, path: &Path) {
        self.datasets.push((path.to_owned(), Stamp::from_path(path).ok()));
    }

    /// A file, or a folder with the files directly in it.
    pub(super) fn add_file(&mut self, path: &Path) {
        self.files.push((path.to_owned(), stamps(path)));
    }

    pub(super) fn add_cached(&mut self, name: &str, folder: Option<&Path>) {
        self.cached.push((name.to_owned(), folder.map(Path::to_owned)));
    }

    pub(super) fn set_accelerators(&mut self, accelerators: &[Accelerator]) {
        self.accelerators = accelerators.to_vec();
    }

    /// Records that the preflight depended on more than these inputs.
    pub(super) fn set_incomplete(&mut self) {
        self.incomplete = true;
    }

    /// Whether a preflight would read the same now. Free space, and whether a folder can be written
    /// to, are not compared: the run itself fails where they changed.
    pub(super) async fn are_current(&self, runs: &Runs) -> Result<bool> {
        if self.incomplete
            || self.offline != runs.hub.is_offline()
            || self.cached.iter().any(|(name, folder)| runs.hub.cached_model(name) != *folder)
            || self.datasets.iter().any(|(path, stamp)| Stamp::from_path(path).ok() != *stamp)
            || self.files.iter().any(|(path, known)| stamps(path) != *known)
        {
            return Ok(false);
        }
        for (table, id, row) in &self.rows {
            let now = match runs.store.get(*table, id).await {
                Ok(listed) => Some(listed.row),
                Err(error) if error.code == ErrorCode::NotFound => None,
                Err(error) => return Err(error),
            };
            if now != *row {
                return Ok(false);
            }
        }
        let accelerators = runs.python.worker_accelerators().await;
        Ok(accelerators.is_ok_and(|accelerators| accelerators == self.accelerators))
    }
}

/// The path, size in bytes and time of the last change of a file.
type FileStamp = (PathBuf, u64, Option<SystemTime>);

/// The stamps of a file, or of all files directly in a folder; empty where it can't be read.
fn stamps(path: &Path) -> Vec<FileStamp> {
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
