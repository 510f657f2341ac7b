//! A database as the source of an import. It is opened read-only, and only the tables of a snapshot are
//! read. None of its code runs: views, virtual tables and generated columns are refused, and triggers
//! do not fire on reads.

use std::path::Path;

use schema::{Error, ErrorCode, Result};
use sqlx::{
    Column as _, ConnectOptions, Connection as _, Row as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use tokio_stream::{Stream, StreamExt as _};

use super::{
    SnapshotTable,
    cell::{self, Cell},
};
use crate::{
    probe::{Looked, look, naming},
    sql,
};

/// A row of a source, its known columns in the order of the table.
#[derive(Debug)]
pub struct SourceRow {
    /// The values of the table's columns.
    pub cells: Vec<Cell>,
    /// Columns that the table does not have, with whether they hold a value.
    pub unknown: Vec<(String, bool)>,
    /// A column that occurs twice in the row.
    pub repeated: Option<&'static str>,
}

/// A table of a source.
#[derive(Debug)]
pub struct SourceTable {
    /// Its name.
    pub name: String,
    /// Whether it is neither a view nor a virtual table and has no generated column.
    pub plain: bool,
}

/// A read transaction on a source.
#[derive(Debug)]
pub struct SourceDatabase {
    database: SqliteConnection,
}

impl SourceDatabase {
    /// Opens a database for reading. Errors name the file.
    pub async fn open(path: &Path) -> Result<Self> {
        let opened = async {
            let mut database = connect(path).await?;
            // Open until the connection is closed, so that all tables are of the same state.
            sqlx::query("BEGIN").execute(&mut database).await?;
            Ok(Self { database })
        };
        opened.await.map_err(|error| naming(path, error))
    }

    /// Its tables and views, other than SQLite's own.
    pub async fn tables(&mut self) -> Result<Vec<SourceTable>> {
        // `rootpage` is 0 for a virtual table; `hidden` marks a generated column.
        let tables: Vec<(String, bool)> = sqlx::query_as(
            "SELECT name, type = 'table' AND rootpage > 0 AND NOT EXISTS \
             (SELECT 1 FROM pragma_table_xinfo(s.name) WHERE hidden <> 0) FROM sqlite_schema AS s \
             WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        )
        .fetch_all(&mut self.database)
        .await?;
        Ok(tables.into_iter().map(|(name, plain)| SourceTable { name, plain }).collect())
    }

    /// All rows of a plain table.
    pub fn rows<'a>(
        &'a mut self,
        table: &'a SnapshotTable,
    ) -> impl Stream<Item = Result<SourceRow>> + Send + Unpin + 'a {
        sql::statement(table.read()).fetch(&mut self.database).map(|row| source_row(table, &row?))
    }

    /// Closes the database.
    pub async fn close(self) -> Result<()> {
        Ok(self.database.close().await?)
    }
}

async fn connect(path: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON");
    let mut database = options.clone().connect().await?;
    match look(&mut database).await {
        Looked::Readable => Ok(database),
        // SQLite creates files next to a database in WAL mode to read it. In a folder in which it
        // can't, no other program writes either.
        Looked::Unwritable if !has_log(path) => Ok(options.immutable(true).connect().await?),
        Looked::Unwritable => Err(Error::new(
            ErrorCode::ReadOnly,
            format!(
                "{} has changes in a log file next to it, which can't be read in a folder that can't be written.",
                path.display()
            ),
        )
        .hint("Copy it to another folder, together with the file that ends in -wal, then import the copy.")),
        Looked::Interrupted => Err(Error::new(
            ErrorCode::Invalid,
            format!("{} was left in the middle of a change.", path.display()),
        )
        .hint("Open it once with the program it belongs to, then import it.")),
    }
}

/// Whether the write-ahead log has changes that are not in the file.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

fn source_row(table: &SnapshotTable, row: &SqliteRow) -> Result<SourceRow> {
    let mut cells = vec![Cell::Null; table.columns.len()];
    let mut unknown = Vec::new();
    for column in row.columns() {
        let cell = cell::from_column(row, column.ordinal())?;
        match table.columns.iter().position(|known| known.name == column.name()) {
            Some(at) => cells[at] = cell,
            None => unknown.push((column.name().to_owned(), !cell.is_empty())),
        }
    }
    Ok(SourceRow { cells, unknown, repeated: None })
}
