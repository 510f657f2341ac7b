//! The sources of an import.

mod database;
mod json;

mod text;

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use serde::Serialize;
use tokio::sync::mpsc;

use platform::{Work, blocking};
use schema::{Error, ErrorCode, Result};
use store::StagedRows;

use super::intake::Intake;

/// The kind of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A JSON snapshot of this program or the reference studio, or its plain form.
    Json,
    /// A database.
    Sqlite,
}

/// A file to read a snapshot from.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) kind: SourceKind,
    bytes: u64,
}

impl Source {
    /// Determines the kind by the first bytes of the file.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let path = std::path::absolute(path).map_err(|error| Error::file("read", path, &error))?;
        let failed = |error| Error::file("read", &path, &error);
        let metadata = std::fs::metadata(&path).map_err(failed)?;
        if !metadata.is_file() {
            return Err(Error::new(ErrorCode::File, format!("{} is not a file.", path.display()))
                .hint("Choose a snapshot: a JSON file, or a studio's database."));
        }
        let mut start = Vec::new();
        File::open(&path).map_err(failed)?.take(16).read_to_end(&mut start).map_err(failed)?;
        if start.is_empty() {
            return Err(Error::new(ErrorCode::Invalid, format!("{} is empty.", path.display()))
                .hint("Choose another file."));
        }
        let kind = if start == b"SQLite format 3\0" { SourceKind::Sqlite } else { SourceKind::Json };
        Ok(Self { path, kind, bytes: metadata.len() })
    }

    /// Reads all rows and sends them in batches. Returns the intake with its counts.
    pub(super) async fn read(&self, batches: mpsc::Sender<StagedRows>, work: &Work) -> Result<Intake> {
        match self.kind {
            SourceKind::Sqlite => database::read(&self.path, &batches, work).await,
            SourceKind::Json => {
                let (path, bytes, work) = (self.path.clone(), self.bytes, work.clone());
                blocking("reading the snapshot", move || json::read(&path, bytes, &batches, &work)).await
            }
        }
    }
}
