//! The index of words, and how it follows the database.

use std::sync::atomic::{AtomicBool, Ordering};

use resources::TABLES;
use schema::{Error, Result, Table};
use sqlx::{Row as _, SqliteConnection, SqlitePool};
use tempfile::TempDir;
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;

use super::{list, text_of, words::plain};
use crate::{Store, sql};

/// Rows taken in at a time: little enough that a batch is over in a blink.
const BATCH: i64 = 2_000;
/// Rows a statement; two variables each, far below SQLite's limit.
const ROWS_A_STATEMENT: usize = 200;
/// Notes kept for other windows and programs that follow the database too. Whoever misses one
/// begins anew.
const KEPT_NOTES: i64 = 10_000;

/// The index beside an open store.
#[derive(Debug)]
pub(crate) struct Index {
    folder: TempDir,
    /// It holds something, if only the note of where to begin.
    made: AtomicBool,
    /// There is something to take in.
    behind: Notify,
    stop: CancellationToken,
    working: Mutex<()>,
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
struct Notes {
    seen: i64,
    last: i64,
    version: i64,
    /// Notes are missing, or the file was changed in its form: nothing the index says is sure.
    lost: bool,
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

    async fn make(&self, pool: &SqlitePool) -> Result<()> {
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

impl Store {
    /// Follows the database until the store is closed.
    pub async fn keep_indexed(self) {
        if let Err(error) = self.forget_old_notes().await {
            tracing::warn!("old notes of the search: {error}");
        }
        while !self.index().stop.is_cancelled() {
            if let Err(error) = self.index_words().await {
                tracing::warn!("indexing: {error}");
            }
            tokio::select! {
                () = self.index().stop.cancelled() => {}
                () = self.index().behind.notified() => {}
            }
        }
    }

    /// Takes in all there is to take in, a batch at a time.
    pub async fn index_words(&self) -> Result<()> {
        let _working = self.index().working.lock().await;
        self.index().make(self.pool()).await?;
        while !self.index().stop.is_cancelled() && self.index_batch().await? {}
        Ok(())
    }

    /// Whether there is more.
    async fn index_batch(&self) -> Result<bool> {
        let mut tx = self.pool().begin().await?;
        let notes = notes(&mut tx).await?;
        if notes.lost {
            for statement in sql::empty_index() {
                sql::statement(statement).execute(&mut *tx).await?;
            }
            see(&mut tx, notes.last, notes.version).await?;
            tx.commit().await?;
            return Ok(true);
        }
        let last = notes.last.min(notes.seen + BATCH);
        for table in TABLES {
            if let Some(floor) = floor(&mut tx, table, notes.seen, last).await?
                && floor < mark(&mut tx, table).await?
            {
                // New rows may have the rowids of those that went from the end.
                sql::statement(sql::forget_words_after(table)).bind(floor).execute(&mut *tx).await?;
                set_mark(&mut tx, table, floor).await?;
            }
            let stale = noted(&mut tx, table, notes.seen, last).await?;
            if !stale.is_empty() {
                let stale = list(&stale);
                sql::statement(sql::forget_words(table)).bind(stale.clone()).execute(&mut *tx).await?;
                let upto = mark(&mut tx, table).await?;
                let rows = sql::statement(sql::words_of(table)).bind(stale).bind(upto);
                let rows = rows.fetch_all(&mut *tx).await?;
                take_in(&mut tx, table, &rows).await?;
            }
        }
        see(&mut tx, last, notes.version).await?;
        let mut more = last < notes.last;
        let mut room = BATCH;
        for table in TABLES {
            if room == 0 || more {
                more = true;
                break;
            }
            let rows = sql::statement(sql::words_after(table)).bind(mark(&mut tx, table).await?).bind(room);
            let rows = rows.fetch_all(&mut *tx).await?;
            if let Some(last) = take_in(&mut tx, table, &rows).await? {
                set_mark(&mut tx, table, last).await?;
            }
            room -= i64::try_from(rows.len()).unwrap_or(room);
        }
        tx.commit().await?;
        Ok(more || room == 0)
    }

    async fn forget_old_notes(&self) -> Result<()> {
        let (first, last): (i64, i64) =
            sqlx::query_as("SELECT coalesce(min(n), 0), coalesce(max(n), 0) FROM studio_search_notes")
                .fetch_one(self.pool())
                .await?;
        if last - first > 2 * KEPT_NOTES {
            let mut tx = self.write().await?;
            sqlx::query("DELETE FROM studio_search_notes WHERE n <= ?")
                .bind(last - KEPT_NOTES)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Takes in the words of rows; returns the last one's rowid.
async fn take_in(
    database: &mut SqliteConnection,
    table: &Table,
    rows: &[sqlx::sqlite::SqliteRow],
) -> Result<Option<i64>> {
    let mut last = None;
    for rows in rows.chunks(ROWS_A_STATEMENT) {
        let mut insert = sql::statement(sql::index_words(table, rows.len()));
        for row in rows {
            let (rowid, text) = text_of(row)?;
            insert = insert.bind(rowid).bind(plain(&text));
            last = Some(rowid);
        }
        insert.execute(&mut *database).await?;
    }
    Ok(last)
}

async fn notes(database: &mut SqliteConnection) -> Result<Notes> {
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

async fn see(database: &mut SqliteConnection, note: i64, version: i64) -> Result<()> {
    let see = sqlx::query("UPDATE search.seen SET note = ?, version = ?").bind(note).bind(version);
    see.execute(database).await?;
    Ok(())
}

async fn mark(database: &mut SqliteConnection, table: &Table) -> Result<i64> {
    let mark = sqlx::query_scalar("SELECT upto FROM search.marks WHERE table_name = ?");
    Ok(mark.bind(table.name.into_str()).fetch_one(database).await?)
}

async fn set_mark(database: &mut SqliteConnection, table: &Table, upto: i64) -> Result<()> {
    let set = sqlx::query("UPDATE search.marks SET upto = ? WHERE table_name = ?").bind(upto);
    set.bind(table.name.into_str()).execute(database).await?;
    Ok(())
}

/// The least of the largest rowids there were: new rows came after it.
async fn floor(database: &mut SqliteConnection, table: &Table, seen: i64, last: i64) -> Result<Option<i64>> {
    let floor = sqlx::query_scalar(
        "SELECT min(last) FROM studio_search_notes WHERE n > ? AND n <= ? AND table_name = ?",
    );
    Ok(floor.bind(seen).bind(last).bind(table.name.into_str()).fetch_one(database).await?)
}

async fn noted(database: &mut SqliteConnection, table: &Table, seen: i64, last: i64) -> Result<Vec<i64>> {
    if seen == last {
        return Ok(Vec::new());
    }
    let rows = sql::statement(sql::noted(table)).bind(seen).bind(last).fetch_all(database).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn number(database: &mut SqliteConnection, statement: String) -> Result<i64> {
    Ok(sql::statement(statement).fetch_one(database).await?.try_get(0)?)
}
