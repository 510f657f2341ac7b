//! Opening the database.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use platform::{blocking, sweep_unfinished};
use schema::{Error, Result};
use sqlx::{
    ConnectOptions, Connection, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    BackupReason, backup, migrate,
    probe::{self, Found, PATIENCE, WRITING_PATIENCE, naming},
    search::Index,
};

/// How long closing waits for work that is still going on. A pool closes only when every connection
/// was returned, and a long read or an import may hold one.
const CLOSING_PATIENCE: Duration = Duration::from_secs(3);

/// An open database.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    pool: SqlitePool,
    /// One connection: SQLite writes one change at a time, and those that wait for it must not
    /// keep readers waiting.
    writer: SqlitePool,
    /// The file itself, for copying it. Never closed: a program that closes any handle of a file
    /// loses all its locks on it (POSIX), SQLite's too (<https://sqlite.org/howtocorrupt.html>).
    file: &'static Mutex<File>,
    index: Arc<Index>,
}

impl Store {
    /// Opens the database, making it if there is none and updating it if it is older. A file that
    /// can't be opened is left as it is.
    pub async fn open(path: &Path) -> Result<Self> {
        Self::open_with(path, true).await
    }

    /// The same without a copy before an update, for a file that is a copy itself.
    pub(super) async fn open_unguarded(path: &Path) -> Result<Self> {
        Self::open_with(path, false).await
    }

    async fn open_with(path: &Path, guarded: bool) -> Result<Self> {
        let path = std::path::absolute(path).map_err(|error| Error::file("open", path, &error))?;
        let found = probe::probe(&path).await?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
        }
        for folder in [path.parent().map(Path::to_owned), Some(backup::folder(&path))].into_iter().flatten() {
            sweep_unfinished(&folder);
        }
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(WRITING_PATIENCE);
        if found != Found::Current {
            let guarded = guarded && found != Found::Nothing;
            update(&path, guarded, options.clone()).await.map_err(|error| naming(&path, error))?;
        }
        let index = Index::new()?;
        let words = index.path();
        let connect = async |pool: SqlitePoolOptions| {
            let pool = pool.acquire_timeout(WRITING_PATIENCE);
            pool.connect_with(options.clone()).await.map_err(|error| naming(&path, error.into()))
        };
        // Four for reading, and one that looks for changes.
        let readers = SqlitePoolOptions::new().max_connections(5).after_connect(move |database, _| {
            let words = words.clone();
            Box::pin(Index::attach(words, database))
        });
        let pool = connect(readers).await?;
        let writer = connect(SqlitePoolOptions::new().max_connections(1)).await?;
        let file = File::open(&path).map_err(|error| Error::file("open", &path, &error))?;
        let file = Box::leak(Box::new(Mutex::new(file)));
        let store = Self { path, pool, writer, file, index: Arc::new(index) };
        store.restore_triggers().await?;
        store.purge_expired().await?;
        Ok(store)
    }

    async fn restore_triggers(&self) -> Result<()> {
        let lacking = migrate::lacks_triggers(&mut *self.pool.acquire().await?).await?;
        if lacking {
            let mut tx = self.write().await?;
            migrate::make_triggers(&mut tx).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The database's absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The index of words beside it.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// Connections for reading.
    pub fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// A transaction that holds the right to write from its start, so that what it checks still
    /// holds when it writes.
    pub async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Writes the database file's bytes as they are once the write-ahead log is folded in, while
    /// nobody can change it; false where readers keep that from being done at once.
    pub(super) async fn copy_bytes(&self, mut target: File) -> Result<bool> {
        let writing = self.write().await?;
        let (busy, log, folded): (i64, i64, i64) =
            sqlx::query_as("PRAGMA main.wal_checkpoint(PASSIVE)").fetch_one(&self.pool).await?;
        let complete = busy == 0 && log == folded;
        if complete {
            let file = self.file;
            let path = self.path.clone();
            let mut copy = move || {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(0))?;
                io::copy(&mut *file, &mut target)?;
                // Without a log beside it, the copy opens on read-only media too: 1 means so
                // (<https://sqlite.org/fileformat2.html>, section 1.3.3).
                target.seek(SeekFrom::Start(18))?;
                target.write_all(&[1, 1])
            };
            blocking("copying the database", move || {
                copy().map_err(|error| Error::file("copy", &path, &error))
            })
            .await?;
        }
        writing.rollback().await?;
        Ok(complete)
    }

    /// Folds the write-ahead log into the file and closes all connections. Takes a few seconds at
    /// most: a connection that is still in use then closes when its work is done.
    pub async fn close(&self) {
        self.index.stop();
        let close = async {
            // The last connection folds the log when it closes; but one that is merely dropped
            // closes later, when the program may have ended.
            let folded = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&self.writer).await;
            if let Err(error) = folded {
                tracing::warn!("{}: the log was not folded in: {error}", self.path.display());
            }
            self.pool.close().await;
            self.writer.close().await;
        };
        if tokio::time::timeout(CLOSING_PATIENCE, close).await.is_err() {
            tracing::warn!("{}: closed while it was still in use", self.path.display());
        }
    }
}

async fn update(path: &Path, guarded: bool, options: SqliteConnectOptions) -> Result<()> {
    if guarded {
        let mut before = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .busy_timeout(PATIENCE)
            .connect()
            .await?;
        let copy = backup::make(path, &mut before, BackupReason::Update).await?;
        before.close().await?;
        tracing::info!("{} was copied to {} before its update", path.display(), copy.path);
    }
    let mut database = options.connect().await?;
    migrate::run(&mut database).await?;
    Ok(database.close().await?)
}
