//! What was found when a dataset's file was last read, kept beside the dataset so that a change of
//! the file is noticed.

use std::{io::Read as _, path::Path, time::UNIX_EPOCH};

use serde::Serialize;
use sqlx::{Row as _, SqliteConnection, SqliteExecutor, sqlite::SqliteRow};

use super::{folder, index::Index};
use crate::{
    error::{Error, Result},
    work::{Progress, Work},
};

/// A file as it was when it was read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Where it was.
    pub(crate) path: String,
    pub(crate) stamp: Stamp,
    /// BLAKE3 of all its bytes, in hexadecimal digits.
    pub(crate) hash: String,
    pub(crate) rows: u64,
    /// Where its rows are, if they can be reached one by one.
    pub(crate) index: Option<Index>,
}

/// What a glance tells of a file: as long as it is the same, so is the file, in all likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) bytes: u64,
    /// Nanoseconds since 1970.
    pub(crate) modified: i64,
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
    pub(crate) fn of(path: &Path) -> Result<Self> {
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
    pub(crate) fn of_file(path: &Path) -> Option<Self> {
        Self::of(path).ok()
    }

    pub(crate) fn facts(self) -> FileFacts {
        let modified = jiff::Timestamp::from_nanosecond(self.modified.into()).unwrap_or_default();
        FileFacts { bytes: self.bytes, modified: modified.to_string(), rows: None, hash: None }
    }
}

impl Reading {
    pub(crate) fn facts(&self) -> FileFacts {
        FileFacts { rows: Some(self.rows), hash: Some(self.hash.clone()), ..self.stamp.facts() }
    }

    /// Whether the file there is, at a glance, still the one that was read.
    pub(crate) fn is_of(&self, path: &Path) -> bool {
        Path::new(&self.path) == path && Stamp::of_file(path) == Some(self.stamp)
    }

    /// Keeps it as the last one of that dataset.
    pub(crate) async fn keep(&self, database: &mut SqliteConnection, dataset: &str) -> Result<()> {
        sqlx::query(
            "INSERT OR REPLACE INTO studio_dataset_files \
             (dataset_id, path, bytes, modified, hash, rows, offsets) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(dataset)
        .bind(&self.path)
        .bind(signed(self.stamp.bytes)?)
        .bind(self.stamp.modified)
        .bind(&self.hash)
        .bind(signed(self.rows)?)
        .bind(self.index.as_ref().map(Index::encode).transpose()?)
        .execute(database)
        .await?;
        Ok(())
    }

    /// The last one of that dataset.
    pub(crate) async fn last(database: impl SqliteExecutor<'_>, dataset: &str) -> Result<Option<Self>> {
        let row = sqlx::query("SELECT * FROM studio_dataset_files WHERE dataset_id = ?")
            .bind(dataset)
            .fetch_optional(database)
            .await?;
        row.as_ref().map(Self::from_row).transpose()
    }

    /// Those of datasets whose file is still looked for at that place, with their ids.
    pub(crate) async fn all(database: impl SqliteExecutor<'_>) -> Result<Vec<(String, Self)>> {
        let rows = sqlx::query(
            "SELECT f.* FROM studio_dataset_files AS f \
             JOIN datasets AS d ON d.id = f.dataset_id AND d.location = f.path ORDER BY d.rowid",
        )
        .fetch_all(database)
        .await?;
        rows.iter().map(|row| Ok((row.try_get("dataset_id")?, Self::from_row(row)?))).collect()
    }

    fn from_row(row: &SqliteRow) -> Result<Self> {
        let (bytes, rows): (i64, i64) = (row.try_get("bytes")?, row.try_get("rows")?);
        let offsets: Option<&[u8]> = row.try_get("offsets")?;
        Ok(Self {
            path: row.try_get("path")?,
            stamp: Stamp { bytes: bytes.unsigned_abs(), modified: row.try_get("modified")? },
            hash: row.try_get("hash")?,
            rows: rows.unsigned_abs(),
            index: offsets.and_then(Index::decode),
        })
    }
}

fn signed(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(|error| Error::internal("keeping what was read", &error))
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
