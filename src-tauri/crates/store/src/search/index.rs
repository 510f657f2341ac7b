//! The index of words: its file, its state, and up to where it is valid.

use std::sync::atomic::{AtomicBool, Ordering};

use schema::{Error, Result, Table};
use sqlx::{Row as _, SqliteConnection, SqlitePool, sqlite::SqliteRow};
use tempfile::TempDir;
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;

use crate::sql;

/// The full-text index of an open store, in a temporary file.
#[derive(Debug)]
pub(crate) struct Index {
    folder: TempDir,
    /// Whether its tables exist.
    made: AtomicBool,
    /// Notified when there are rows to index.
    pub(super) behind: Notify,
    pub(super) stop: CancellationToken,
    pub(super) working: Mutex<()>,
}

/// For which rows of a table the index is valid, in a transaction.
pub(super) struct State {
    /// The last indexed rowid below which no rowid was reused since.
    pub(super) upto: i64,
    /// Rowids up to there whose rows changed since.
    pub(super) stale: Vec<i64>,
    /// Whether rows of this or another table must be indexed.
    pub(super) behind: bool,
}

/// The notes of changed rows that the index has processed, and the latest ones.
pub(super) struct Notes {
    pub(super) seen: i64,
    pub(super) last: i64,
    pub(super) version: i64,
    /// Whether notes are missing or the schema changed, so that the index is invalid.
    pub(super) lost: bool,
}

impl Index {
    pub(crate) fn new() -> Result<Self> {
        let failed = |error| Error::file("make", &std::env::temp_dir(), &error);
        let folder = tempfile::Builder::new().prefix("fine-tuning-studio-").tempdir().map_err(failed)?;
        Ok(Self {
            folder,
            made: AtomicBool::new(false),
            behind: Notify::new(),
            stop: CancellationToken::new(),
            working: Mutex::default(),
        })
    }

    /// Attaches the index to a connection. Its file is temporary, so it is written without syncs.
    pub(crate) async fn attach(path: String, database: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        sqlx::query("ATTACH ? AS search").bind(path).execute(&mut *database).await?;
        sqlx::query("PRAGMA search.synchronous = OFF").execute(database).await?;
        Ok(())
    }

    pub(crate) fn path(&self) -> String {
        self.folder.path().join("search.sqlite").display().to_string()
    }

    /// Notifies the update that there are rows to index.
    pub(super) fn wake(&self) {
        self.behind.notify_one();
    }

    /// Stops the updates.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// The state of the index for a table; `None` if there is no valid index yet.
    pub(super) async fn state(
        &self,
        database: &mut SqliteConnection,
        table: &Table,
    ) -> Result<Option<State>> {
        if !self.made.load(Ordering::Acquire) {
            return Ok(None);
        }
        let upto = mark(database, table).await?;
        let notes = notes(database).await?;
        if notes.lost {
            return Ok(None);
        }
        let stale = noted(database, table, notes.seen, notes.last).await?;
        let behind = notes.last > notes.seen || upto != number(database, sql::last_row(table)).await?;
        let floor = floor(database, table, notes.seen, notes.last).await?;
        Ok(Some(State { upto: floor.map_or(upto, |floor| floor.min(upto)), stale, behind }))
    }

    pub(super) async fn make(&self, pool: &SqlitePool) -> Result<()> {
        if !self.made.load(Ordering::Acquire) {
            let mut database = pool.acquire().await?;
            // With a write-ahead log, searches can read while the index is written.
            sqlx::query("PRAGMA search.journal_mode = WAL").execute(&mut *database).await?;
            let mut tx = sqlx::Connection::begin(&mut *database).await?;
            sql::execute_all(&mut tx, sql::make_index()).await?;
            tx.commit().await?;
            self.made.store(true, Ordering::Release);
        }
        Ok(())
    }
}

pub(super) async fn notes(database: &mut SqliteConnection) -> Result<Notes> {
    // The state of the index is read before the notes, so that no note in between is missed.
    let (seen, known): (i64, i64) =
        sqlx::query_as("SELECT note, version FROM search.seen").fetch_one(&mut *database).await?;
    let (last, kept): (i64, i64) = sqlx::query_as(
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'studio_search_notes'), 0), \
         (SELECT count(*) FROM studio_search_notes WHERE n > ?)",
    )
    .bind(seen)
    .fetch_one(&mut *database)
    .await?;
    let version: i64 = sqlx::query_scalar("PRAGMA main.schema_version").fetch_one(database).await?;
    Ok(Notes { seen, last, version, lost: version != known || kept != last - seen })
}

pub(super) async fn see(database: &mut SqliteConnection, note: i64, version: i64) -> Result<()> {
    let see = sqlx::query("UPDATE search.seen SET note = ?, version = ?").bind(note).bind(version);
    see.execute(database).await?;
    Ok(())
}

pub(super) async fn mark(database: &mut SqliteConnection, table: &Table) -> Result<i64> {
    let mark = sqlx::query_scalar("SELECT upto FROM search.marks WHERE table_name = ?");
    Ok(mark.bind(table.name.into_str()).fetch_one(database).await?)
}

pub(super) async fn set_mark(database: &mut SqliteConnection, table: &Table, upto: i64) -> Result<()> {
    let set = sqlx::query("UPDATE search.marks SET upto = ? WHERE table_name = ?").bind(upto);
    set.bind(table.name.into_str()).execute(database).await?;
    Ok(())
}

/// The smallest of the largest rowids after the deletions of these notes. Rowids above it may have been
/// reused by new rows.
pub(super) async fn floor(
    database: &mut SqliteConnection,
    table: &Table,
    seen: i64,
    last: i64,
) -> Result<Option<i64>> {
    let floor = sqlx::query_scalar(
        "SELECT min(last) FROM studio_search_notes WHERE n > ? AND n <= ? AND table_name = ?",
    );
    Ok(floor.bind(seen).bind(last).bind(table.name.into_str()).fetch_one(database).await?)
}

pub(super) async fn noted(
    database: &mut SqliteConnection,
    table: &Table,
    seen: i64,
    last: i64,
) -> Result<Vec<i64>> {
    if seen == last {
        return Ok(Vec::new());
    }
    let rows = sql::statement(sql::noted(table)).bind(seen).bind(last).fetch_all(database).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn number(database: &mut SqliteConnection, statement: String) -> Result<i64> {
    Ok(sql::statement(statement).fetch_one(database).await?.try_get(0)?)
}

/// Rowid and text of a row. SQLite texts may be any bytes.
pub(super) fn text_of(row: &SqliteRow) -> Result<(i64, String)> {
    let text: Vec<u8> = row.try_get_unchecked(1)?;
    Ok((row.try_get(0)?, String::from_utf8_lossy(&text).into_owned()))
}

pub(super) fn list(rowids: &[i64]) -> String {
    serde_json::Value::from(rowids).to_string()
}
