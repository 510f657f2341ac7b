//! Opening the database.

use std::{
    fs::File,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use platform::{LocalSecret, SettingsFile, sweep_unfinished};
use schema::{Error, Result};
use sqlx::{
    ConnectOptions, Connection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    Store,
    backups::{self, BackupReason},
    migrate,
    probe::{self, DatabaseKind, WRITING_PATIENCE, naming},
    reading::PATIENCE,
    search::Index,
};

/// How long closing waits. A pool closes only when every connection was returned to it, and a long
/// read or an import may hold one.
const CLOSING_PATIENCE: Duration = Duration::from_secs(3);

impl Store {
    /// Opens the database. Creates it if the file does not exist, and migrates it, after a backup, if
    /// its schema is older. A file that can't be opened is not changed.
    pub async fn open(path: &Path) -> Result<Self> {
        Self::open_with(path, true).await
    }

    /// Opens a database without a backup before its migration, for files that are copies.
    pub(crate) async fn open_unguarded(path: &Path) -> Result<Self> {
        Self::open_with(path, false).await
    }

    async fn open_with(path: &Path, guarded: bool) -> Result<Self> {
        let path = std::path::absolute(path).map_err(|error| Error::file("open", path, &error))?;
        let found = probe::probe(&path).await?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
        }
        for folder in [path.parent().map(Path::to_owned), Some(backups::folder(&path))].into_iter().flatten()
        {
            sweep_unfinished(&folder);
        }
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(WRITING_PATIENCE);
        if found != DatabaseKind::Current {
            let guarded = guarded && found != DatabaseKind::Nothing;
            update(&path, guarded, options.clone()).await.map_err(|error| naming(&path, error))?;
        }
        let index = Index::new()?;
        let words = index.path();
        let connect = async |pool: SqlitePoolOptions| {
            let pool = pool.acquire_timeout(WRITING_PATIENCE);
            pool.connect_with(options.clone()).await.map_err(|error| naming(&path, error.into()))
        };
        // Four for reading, and one for `Changes`.
        let readers = SqlitePoolOptions::new().max_connections(5).after_connect(move |database, _| {
            let words = words.clone();
            Box::pin(Index::attach(words, database))
        });
        let pool = connect(readers).await?;
        let writer = connect(SqlitePoolOptions::new().max_connections(1)).await?;
        let file = File::open(&path).map_err(|error| Error::file("open", &path, &error))?;
        let file = Box::leak(Box::new(Mutex::new(file)));
        let secret = LocalSecret::beside(&SettingsFile::from_user_folder());
        let store = Self { path, pool, writer, file, index: Arc::new(index), secret };
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

    /// Checkpoints the write-ahead log and closes all connections. Returns after three seconds at the
    /// latest; a connection in use closes later, when its work ends.
    pub async fn close(&self) {
        self.index.stop();
        let close = async {
            // The last connection that closes checkpoints the log. A connection that is only dropped
            // closes later, and the process may end before.
            let checkpoint = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&self.writer).await;
            if let Err(error) = checkpoint {
                tracing::warn!(
                    "{}: the write-ahead log could not be checkpointed: {error}",
                    self.path.display()
                );
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
        let copy = backups::make(path, &mut before, BackupReason::Update).await?;
        before.close().await?;
        tracing::info!("{} was copied to {} before its update", path.display(), copy.path);
    }
    let mut database = options.connect().await?;
    migrate::run(&mut database).await?;
    Ok(database.close().await?)
}
