//! The index of words, and how it follows the database.

use std::sync::atomic::{AtomicBool, Ordering};

use schema::{Error, Result, Table};
use sqlx::{Row as _, SqliteConnection, SqlitePool, sqlite::SqliteRow};
use tempfile::TempDir;
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;

use crate::sql;

/// The index beside an open store.
#[derive(Debug)]
pub(crate) struct Index {
    folder: TempDir,
    /// It holds something, if only the note of where to begin.
    made: AtomicBool,
    /// There is something to take in.
    pub(super) behind: Notify,
    pub(super) stop: CancellationToken,
    pub(super) working: Mutex<()>,
}

/// What the index knows of a table, as a transaction sees it.
pub(super) struct State {
    /// The last rowid it has taken in and that was no new row's since.
    pub(super) upto: i64,
    /// Rowids up to there whose words may be others by now.
    pub(super) stale: Vec<i64>,
    /// There is something to take in, of this table or of another.
    pub(super) behind: bool,
}

/// Up to which note the index has followed, and to where they go.
pub(super) struct Notes {
    pub(super) seen: i64,
    pub(super) last: i64,
    pub(super) version: i64,
    /// Notes are missing, or the file was changed in its form: nothing the index says is sure.
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

    /// Makes it known to a connection. It need not survive anything.
    pub(crate) async fn attach(path: String, database: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        sqlx::query("ATTACH ? AS search").bind(path).execute(&mut *database).await?;
        sqlx::query("PRAGMA search.synchronous = OFF").execute(database).await?;
        Ok(())
    }

    pub(crate) fn path(&self) -> String {
        self.folder.path().join("search.sqlite").display().to_string()
    }

    /// Says that there is something to take in.
    pub(super) fn wake(&self) {
        self.behind.notify_one();
    }

    /// Ends the following.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// Nothing where there is no index yet, or none that can be relied on.
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
            // Whoever searches meanwhile reads what was there before.
            sqlx::query("PRAGMA search.journal_mode = WAL").execute(&mut *database).await?;
            let mut tx = sqlx::Connection::begin(&mut *database).await?;
            for statement in sql::make_index() {
                sql::statement(statement).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            self.made.store(true, Ordering::Release);
        }
        Ok(())
    }
}

pub(super) async fn notes(database: &mut SqliteConnection) -> Result<Notes> {
    // The index's own state first: what is noted in between is then not missed.
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

/// The least of the largest rowids there were: new rows came after it.
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

/// Rowid and words of a row. Text may be any bytes in SQLite.
pub(super) fn text_of(row: &SqliteRow) -> Result<(i64, String)> {
    let text: Vec<u8> = row.try_get_unchecked(1)?;
    Ok((row.try_get(0)?, String::from_utf8_lossy(&text).into_owned()))
}

pub(super) fn list(rowids: &[i64]) -> String {
    serde_json::Value::from(rowids).to_string()
}
