//! The connections of an open database.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use schema::Result;
use sqlx::{ConnectOptions, Sqlite, SqliteConnection, SqlitePool, Transaction, sqlite::SqliteConnectOptions};

use crate::{probe::WRITING_PATIENCE, search::Index};

/// An open database.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) path: PathBuf,
    pub(crate) pool: SqlitePool,
    /// One connection: SQLite writes one change at a time, and those that wait for it must not
    /// keep readers waiting.
    pub(crate) writer: SqlitePool,
    /// The file itself, for copying it. Never closed: a program that closes any handle of a file
    /// loses all its locks on it (POSIX), SQLite's too (<https://sqlite.org/howtocorrupt.html>).
    pub(crate) file: &'static Mutex<File>,
    pub(crate) index: Arc<Index>,
}

impl Store {
    /// The database's absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The index of words beside it.
    pub(crate) fn index(&self) -> &Index {
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
