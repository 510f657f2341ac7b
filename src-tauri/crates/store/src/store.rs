//! The connections of an open database.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use platform::LocalSecret;
use schema::Result;
use sqlx::{
    ConnectOptions, Sqlite, SqliteConnection, SqlitePool, Transaction,
    query::Query,
    sqlite::{SqliteArguments, SqliteConnectOptions},
};

use crate::{probe::WRITING_PATIENCE, search::Index};

/// An open database.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) path: PathBuf,
    pub(crate) pool: SqlitePool,
    /// One connection: SQLite has one writer at a time, and writers that wait must not occupy the
    /// connections of readers.
    pub(crate) writer: SqlitePool,
    /// The database file, for copies of its bytes. It is never closed: when a process closes any handle
    /// of a file, it loses all its POSIX locks on it, also those of SQLite
    /// (<https://sqlite.org/howtocorrupt.html>).
    pub(crate) file: &'static Mutex<File>,
    pub(crate) index: Arc<Index>,
    /// The secret that seals the settings of confirmed targets.
    pub(crate) secret: LocalSecret,
}

impl Store {
    /// The same with another secret than the one in the user's folder, for targets that are confirmed.
    #[must_use]
    pub fn with_secret(self, secret: LocalSecret) -> Self {
        Self { secret, ..self }
    }

    /// The database's absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Connections for reading.
    pub fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// A transaction with the write lock from its start, so that no other change comes between its
    /// checks and its writes.
    pub async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Executes one statement in a transaction of its own, and returns the number of rows that it changed.
    pub(crate) async fn execute(&self, statement: Query<'_, Sqlite, SqliteArguments>) -> Result<u64> {
        let mut tx = self.write().await?;
        let changed = statement.execute(&mut *tx).await?.rows_affected();
        tx.commit().await?;
        Ok(changed)
    }

    /// A connection outside the pools, for work that attaches databases or inserts rows before the
    /// rows that they refer to.
    pub(crate) async fn outside_connection(&self) -> Result<SqliteConnection> {
        let options = SqliteConnectOptions::new()
            .filename(self.path())
            .foreign_keys(false)
            .busy_timeout(WRITING_PATIENCE);
        Ok(options.connect().await?)
    }
}
