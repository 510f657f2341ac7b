//! A database as a source: read-only, and only tables of our names. Nothing its schema says is
//! run: views, virtual tables and generated columns are refused, triggers never fire on reading.

use std::path::Path;

use platform::{Progress, Work};
use schema::{Error, ErrorCode, Result};
use sqlx::{
    Column as _, ConnectOptions, Connection, Row as _, SqliteConnection, TypeInfo as _, ValueRef as _,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use store::{
    Looked, look, naming,
    sql::{self, Stage},
};
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;

use super::super::intake::{Batch, Cell, Intake, SourceRow};

pub(super) async fn read(
    path: &Path,
    stages: &'static [Stage],
    batches: &mpsc::Sender<Batch>,
    work: &Work,
) -> Result<Intake<'static>> {
    read_tables(path, stages, batches, work).await.map_err(|error| match error.code {
        ErrorCode::Cancelled => error,
        _ => naming(path, error),
    })
}

async fn read_tables(
    path: &Path,
    stages: &'static [Stage],
    batches: &mpsc::Sender<Batch>,
    work: &Work,
) -> Result<Intake<'static>> {
    let mut database = open(path).await?;
    let mut tx = database.begin().await?;
    let mut intake = Intake::new(stages);
    let mut rows = 0;
    // `rootpage` is 0 for a virtual table; `hidden` tells a generated column.
    let tables: Vec<(String, bool)> = sqlx::query_as(
        "SELECT name, type = 'table' AND rootpage > 0 AND NOT EXISTS \
         (SELECT 1 FROM pragma_table_xinfo(s.name) WHERE hidden <> 0) FROM sqlite_schema AS s \
         WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .fetch_all(&mut *tx)
    .await?;
    for (name, plain) in tables {
        let Some(at) = stages.iter().position(|stage| stage.name == name) else {
            // To count its rows would take a statement with its name in it.
            intake.foreign_table(&name, None);
            continue;
        };
        if !plain {
            return Err(Error::new(
                ErrorCode::Invalid,
                format!("{}: '{name}' is not a plain table, so it is not read.", path.display()),
            )
            .hint("Export the rows with the program that made the file, then import that."));
        }
        rows = table(&mut tx, &stages[at], at, &mut intake, (batches, work, rows)).await?;
    }
    if let Some(batch) = intake.flush(0) {
        send(batches, batch).await?;
    }
    work.tick(Progress { done: rows, total: Some(rows), rows })?;
    Ok(intake)
}

async fn open(path: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON");
    let mut database = options.clone().connect().await?;
    match look(&mut database).await {
        Looked::Readable => Ok(database),
        // Reading may take files beside the database. Where none can be made, nobody else writes.
        Looked::Unwritable if !has_log(path) => Ok(options.immutable(true).connect().await?),
        Looked::Unwritable => Err(Error::new(
            ErrorCode::ReadOnly,
            format!(
                "{} has changes beside it that can't be read in a folder that can't be written.",
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

/// Whether there may be changes that are not in the file yet.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

async fn table(
    database: &mut SqliteConnection,
    stage: &Stage,
    at: usize,
    intake: &mut Intake<'_>,
    (batches, work, mut rows): (&mpsc::Sender<Batch>, &Work, u64),
) -> Result<u64> {
    let mut found = sql::statement(stage.read()).fetch(database);
    while let Some(row) = found.next().await {
        if let Some(batch) = intake.row(at, source_row(stage, &row?)?) {
            rows += batch.rows.len() as u64;
            work.tick(Progress { done: rows, total: None, rows })?;
            send(batches, batch).await?;
        }
    }
    Ok(rows)
}

async fn send(batches: &mpsc::Sender<Batch>, batch: Batch) -> Result<()> {
    // Whoever stages the rows has stopped, and says why itself.
    batches.send(batch).await.map_err(|_| Error::cancelled())
}

fn source_row(stage: &Stage, row: &SqliteRow) -> Result<SourceRow> {
    let mut cells = vec![Cell::Null; stage.columns.len()];
    let mut unknown = Vec::new();
    for column in row.columns() {
        let cell = cell(row, column.ordinal())?;
        match stage.columns.iter().position(|known| known.name == column.name()) {
            Some(at) => cells[at] = cell,
            None => unknown.push((
                column.name().to_owned(),
                !matches!(&cell, Cell::Null) && cell != Cell::Text(String::new()),
            )),
        }
    }
    Ok(SourceRow { cells, unknown, repeated: None })
}

fn cell(row: &SqliteRow, at: usize) -> Result<Cell> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Cell::Null);
    }
    let kind = raw.type_info();
    Ok(match kind.name() {
        "INTEGER" => Cell::Integer(row.try_get_unchecked(at)?),
        "REAL" => Cell::Real(row.try_get_unchecked(at)?),
        // Text may be any bytes in SQLite.
        "TEXT" => row.try_get_unchecked(at).map_or(Cell::Odd("text that is not UTF-8"), Cell::Text),
        _ => Cell::Odd("a blob"),
    })
}
