//! Opens the database of another program for reading, without creating or changing a file next to it.
//!
//! SQLite creates files next to a database in WAL mode to read it
//! (<https://sqlite.org/wal.html#read_only_databases>). So the file alone is read if its log is empty, else
//! a copy of both.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::Duration,
};

use datasets::Stamp;
use platform::{UNFINISHED_PREFIX, UNFINISHED_SUFFIX, blocking};
use schema::{Error, ErrorCode, Result};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

/// How long opening waits for a program that has locked the database exclusively.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// The number of attempts to copy a database that another program writes at the same time.
const COPIES: u32 = 3;

/// A connection that only reads.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) database: SqliteConnection,
    /// The file and its stamp at the start, if it is read without a lock.
    unlocked: Option<(PathBuf, Stamp)>,
    /// The folder of the copy that is read, which is removed when this is dropped.
    _copy: Option<TempDir>,
}

impl Reading {
    /// Opens a database. A copy that is needed is created in `scratch`.
    pub(crate) async fn open(path: &Path, scratch: &Path) -> Result<Self> {
        let file = behind_links(path).map_err(|error| Error::file("read", path, &error))?;
        let [log, _, _] = beside(&file);
        let has_log = fs::metadata(&log).is_ok_and(|log| log.len() > 0);
        // sqlx takes only names in UTF-8.
        let has_name = file.to_str().is_some();
        if (has_log || !has_name)
            && let Some(copy) = copy(&file, scratch).await?
        {
            let database = options(&copy.path().join(COPY)).connect().await?;
            return Ok(Self { database, unlocked: None, _copy: Some(copy) });
        }
        if !has_log && (log.exists() || keeps_a_log(&file)?) {
            let stamp = Stamp::from_path(&file)?;
            let database = options(&file).immutable(true).connect().await?;
            return Ok(Self { database, unlocked: Some((file, stamp)), _copy: None });
        }
        // It has no log, or another program writes it right now and has created the files next to it.
        let database = options(&file).connect().await?;
        Ok(Self { database, unlocked: None, _copy: None })
    }

    /// Closes the database.
    ///
    /// # Errors
    /// The file was changed while it was read without a lock, so the rows may be of two states.
    pub(crate) async fn close(self) -> Result<()> {
        self.database.close().await?;
        match self.unlocked {
            Some((file, stamp)) if Stamp::from_path(&file)? != stamp => Err(Error::new(
                ErrorCode::Locked,
                format!("{} was changed by another program while it was read.", file.display()),
            )
            .hint("Close that program, or import again when it is done. Nothing was changed.")),
            _ => Ok(()),
        }
    }
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .busy_timeout(PATIENCE)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
}

/// The name of a copy.
const COPY: &str = "source.db";

/// The path from which SQLite derives the names of the files next to a database.
pub(crate) fn behind_links(path: &Path) -> io::Result<PathBuf> {
    if cfg!(unix) { fs::canonicalize(path) } else { std::path::absolute(path) }
}

/// The files that SQLite keeps next to a database: the write-ahead log, the rollback journal, and the
/// index of the log, which all connections share.
pub(crate) fn beside(file: &Path) -> [PathBuf; 3] {
    ["-wal", "-journal", "-shm"].map(|end| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        name.into()
    })
}

/// A folder with a copy of the file and its log of the same state; `None` if another program keeps
/// writing them.
async fn copy(file: &Path, scratch: &Path) -> Result<Option<TempDir>> {
    let folder = tempfile::Builder::new()
        .prefix(UNFINISHED_PREFIX)
        .suffix(UNFINISHED_SUFFIX)
        .tempdir_in(scratch)
        .map_err(|error| Error::file("write", scratch, &error))?;
    let file = file.to_owned();
    blocking("copying a database", move || {
        let [log, journal, _] = beside(&file);
        let [log_copy, journal_copy, _] = beside(&folder.path().join(COPY));
        let files = [(file.clone(), folder.path().join(COPY)), (log, log_copy), (journal, journal_copy)];
        let stamps = || files.each_ref().map(|(from, _)| Stamp::from_path(from).ok());
        for _ in 0..COPIES {
            let before = stamps();
            for (from, to) in files.iter().filter(|(from, _)| from.exists()) {
                fs::copy(from, to).map_err(|error| Error::file("copy", from, &error))?;
            }
            if stamps() == before {
                return Ok(Some(folder));
            }
        }
        Ok(None)
    })
    .await
}

/// Whether the database is in WAL mode by its header
/// (<https://sqlite.org/fileformat2.html>, section 1.3.3).
fn keeps_a_log(file: &Path) -> Result<bool> {
    let mut header = Vec::new();
    let opened = File::open(file).and_then(|opened| opened.take(20).read_to_end(&mut header));
    opened.map_err(|error| Error::file("read", file, &error))?;
    Ok(header.get(18..20).is_some_and(|versions| versions.contains(&2)))
}
