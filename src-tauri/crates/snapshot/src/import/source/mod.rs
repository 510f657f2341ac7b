//! The sources of an import.

mod database;
mod encoding;
mod fault;
mod json;
mod strings;
mod tokens;
mod value;

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use serde::Serialize;
use tokio::sync::mpsc;

use platform::{Work, blocking};
use schema::{Error, ErrorCode, Result};
use store::{StagedRows, Store};

use self::encoding::Encoding;
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
    encoding: Encoding,
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
        File::open(&path).map_err(failed)?.take(64).read_to_end(&mut start).map_err(failed)?;
        let kind =
            if start.starts_with(b"SQLite format 3\0") { SourceKind::Sqlite } else { SourceKind::Json };
        if kind == SourceKind::Json {
            refuse_other_content(&path, &start)?;
        }
        Ok(Self { path, kind, encoding: Encoding::from_start(&start), bytes: metadata.len() })
    }

    /// Reads all rows and sends them in batches. Returns the intake with its counts.
    pub(super) async fn read(
        &self,
        store: &Store,
        batches: mpsc::Sender<StagedRows>,
        work: &Work,
    ) -> Result<Intake> {
        match self.kind {
            SourceKind::Sqlite => database::read(store, &self.path, &batches, work).await,
            SourceKind::Json => {
                let (path, bytes, work) = (self.path.clone(), self.bytes, work.clone());
                let encoding = self.encoding;
                let read = move || json::read(&path, bytes, encoding, &batches, &work);
                blocking("reading the snapshot", read).await
            }
        }
    }
}

/// Refuses a file whose first bytes are those of something else, by name and with a way out.
fn refuse_other_content(path: &Path, start: &[u8]) -> Result<()> {
    let text = start.strip_prefix(platform::BYTE_ORDER_MARK).unwrap_or(start).trim_ascii_start();
    let (what, hint) = match text {
        _ if start.is_empty() => ("is empty", "Choose another file."),
        [0x1f, 0x8b, ..] => ("is compressed with gzip", "Unpack it, then import what was in it."),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            ("is compressed with zstd", "If it is an archive of this program, import it as an archive.")
        }
        [b'P', b'K', 3, 4, ..] => ("is a zip archive", "Unpack it, then import what was in it."),
        text if platform::is_lfs_pointer(text) => {
            ("is not the file itself, but a pointer of Git LFS to it", "Get the file with `git lfs pull`.")
        }
        [first, ..] if first.is_ascii_graphic() && !b"{[\"-".contains(first) && !first.is_ascii_digit() => {
            ("is neither a JSON snapshot nor an SQLite database, but other text", "Choose another file.")
        }
        _ => return Ok(()),
    };
    Err(Error::new(ErrorCode::Invalid, format!("{} {what}.", path.display())).hint(hint))
}
