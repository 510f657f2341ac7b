//! Updates of the index of words in the background.

use resources::TABLES;
use schema::{Result, Table};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::{
    index::{floor, list, mark, noted, notes, see, set_mark, text_of},
    words::plain,
};
use crate::{Store, sql};

/// The number of rows of a batch, small enough that a batch takes some ten milliseconds.
const BATCH: i64 = 2_000;
/// The number of rows of a statement, with two variables each: far below SQLite's limit.
const ROWS_A_STATEMENT: usize = 200;
/// The number of notes that are kept for other processes with an index. An index that misses one is
/// rebuilt.
const KEPT_NOTES: i64 = 10_000;

impl Store {
    /// Updates the index until the store is closed.
    pub async fn keep_indexed(self) {
        if let Err(error) = self.forget_old_notes().await {
            tracing::warn!("old notes of the search: {error}");
        }
        while !self.index.stop.is_cancelled() {
            if let Err(error) = self.index_words().await {
                tracing::warn!("indexing: {error}");
            }
            tokio::select! {
                () = self.index.stop.cancelled() => {}
                () = self.index.behind.notified() => {}
            }
        }
    }

    /// Indexes all rows that are not indexed yet, in batches.
    pub async fn index_words(&self) -> Result<()> {
        let _working = self.index.working.lock().await;
        self.index.make(self.pool()).await?;
        while !self.index.stop.is_cancelled() && self.index_batch().await? {}
        Ok(())
    }

    /// Indexes a batch of rows. Returns whether there are more.
    async fn index_batch(&self) -> Result<bool> {
        let mut tx = self.pool().begin().await?;
        let notes = notes(&mut tx).await?;
        if notes.lost {
            sql::execute_all(&mut tx, sql::empty_index()).await?;
            see(&mut tx, notes.last, notes.version).await?;
            tx.commit().await?;
            return Ok(true);
        }
        let last = notes.last.min(notes.seen + BATCH);
        for table in TABLES {
            if let Some(floor) = floor(&mut tx, table, notes.seen, last).await?
                && floor < mark(&mut tx, table).await?
            {
                // New rows may have the rowids of deleted rows.
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
                insert_words(&mut tx, table, &rows).await?;
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
            if let Some(last) = insert_words(&mut tx, table, &rows).await? {
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

/// Inserts the words of rows into the index, and returns the rowid of the last one.
async fn insert_words(
    database: &mut SqliteConnection,
    table: &Table,
    rows: &[SqliteRow],
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
