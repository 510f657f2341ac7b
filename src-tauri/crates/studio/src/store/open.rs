//! Opening the database.

use std::path::{Path, PathBuf};

use sqlx::{
    ConnectOptions, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    BackupReason, backup, migrate,
    probe::{self, Found, PATIENCE, WRITING_PATIENCE, naming},
};
use crate::error::{Error, Result};

/// An open database.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    pool: SqlitePool,
    /// One connection: SQLite writes one change at a time, and those that wait for it must not
    /// keep readers waiting.
    writer: SqlitePool,
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
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(WRITING_PATIENCE)
            .optimize_on_close(true, None);
        if found != Found::Current {
            let guarded = guarded && found != Found::Nothing;
            update(&path, guarded, options.clone()).await.map_err(|error| naming(&path, error))?;
        }
        let connect = async |connections| {
            let pool =
                SqlitePoolOptions::new().max_connections(connections).acquire_timeout(WRITING_PATIENCE);
            pool.connect_with(options.clone()).await.map_err(|error| naming(&path, error.into()))
        };
        let (pool, writer) = (connect(4).await?, connect(1).await?);
        Ok(Self { path, pool, writer })
    }

    /// The database's absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Connections for reading.
    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// A transaction that holds the right to write from its start, so that what it checks still
    /// holds when it writes.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Closes all connections and folds the write-ahead log into the file.
    pub async fn close(&self) {
        self.pool.close().await;
        self.writer.close().await;
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
        tracing::info!("{} was copied to {} before its update", path.display(), copy.path);
    }
    let mut database = options.connect().await?;
    migrate::run(&mut database).await
}
