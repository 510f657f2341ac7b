//! The staging area of imports: the rows of a snapshot in temporary tables, so that SQLite compares them
//! with the store and inserts them, in bounded memory.

mod cell;
mod comparison;
mod source;
mod table;
mod targets;

use std::collections::BTreeSet;

use schema::{Error, Result, Row, TableName};
use sqlx::{
    Connection, Row as _, SqliteConnection,
    sqlite::{SqliteArguments, SqliteRow},
};
use tokio::sync::mpsc;

pub use cell::Cell;
pub use comparison::{Classes, Comparison, DanglingReference};
pub use source::{SourceColumns, SourceDatabase, SourceRow};
pub(crate) use table::Content;
pub use table::{SNAPSHOT_TABLES, SnapshotColumn, SnapshotTable};

use crate::{Store, references::shown_label, sql};
use resources::Described as _;

/// Rows of one table of a snapshot, each with its number in the source.
#[derive(Debug)]
pub struct StagedRows {
    /// The table's index in [`SNAPSHOT_TABLES`].
    pub table: usize,
    /// The rows, their cells in the order of the table's columns. At most 30,000 cells in all.
    pub rows: Vec<(u64, Vec<Cell>)>,
}

/// A row that the store and the source have with different content.
#[derive(Debug)]
pub struct ConflictingRow {
    /// The store's row.
    pub here: Row,
    /// The source's row.
    pub there: Row,
    /// The label of the store's row.
    pub label: String,
}

/// Rows of a snapshot in temporary tables of a separate connection. Staging does not change the store.
#[derive(Debug)]
pub struct Staging {
    database: SqliteConnection,
}

impl Staging {
    /// An empty staging area of a store.
    pub async fn new(store: &Store) -> Result<Self> {
        let mut database = store.outside_connection().await?;
        // The temporary tables are in a temporary file that is written without syncs. Its pages are
        // large, because it is written once and mostly read sequentially.
        sqlx::raw_sql(
            "PRAGMA temp_store = FILE; PRAGMA temp.page_size = 32768; PRAGMA cache_size = -16000;
             PRAGMA temp.cache_size = -16000; PRAGMA temp.journal_mode = MEMORY; PRAGMA temp.synchronous = OFF;",
        )
        .execute(&mut database)
        .await?;
        sql::execute_all(&mut database, SNAPSHOT_TABLES.iter().flat_map(SnapshotTable::create)).await?;
        Ok(Self { database })
    }

    /// Stages rows until their sender is dropped. A table is indexed as soon as the next one begins, while
    /// the source is still being read.
    pub async fn stage(&mut self, mut batches: mpsc::Receiver<StagedRows>) -> Result<()> {
        let mut tx = self.database.begin().await?;
        let mut unindexed: Vec<usize> = (0..SNAPSHOT_TABLES.len()).collect();
        let mut current = None;
        while let Some(batch) = batches.recv().await {
            if let Some(done) = current.replace(batch.table).filter(|done| *done != batch.table) {
                index(&mut tx, done).await?;
                unindexed.retain(|at| *at != done);
            }
            insert(&mut tx, batch).await?;
        }
        for table in unindexed {
            index(&mut tx, table).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Sets the text of a column of the staged row with that id. Returns whether there is such a row.
    pub async fn set_text(
        &mut self,
        table: TableName,
        column: &schema::Column,
        id: &str,
        text: &str,
    ) -> Result<bool> {
        let statement = sql::statement(sql::set_staged(table, column)).bind(text.to_owned());
        let changed = statement.bind(id.to_owned()).execute(&mut self.database).await?;
        Ok(changed.rows_affected() > 0)
    }

    /// The ids of the staged rows of a table.
    pub async fn ids(&mut self, table: TableName) -> Result<BTreeSet<String>> {
        let rows = sql::statement(sql::staged_ids(table)).fetch_all(&mut self.database).await?;
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
    }

    /// Begins a comparison with the store in a read transaction.
    pub async fn compare(&mut self) -> Result<Comparison<'_>> {
        Ok(Comparison::new(self.database.begin().await?))
    }

    /// Begins a comparison in a write transaction, in which rows can be imported.
    pub async fn compare_to_take(&mut self) -> Result<Comparison<'_>> {
        Ok(Comparison::new(self.database.begin_with("BEGIN IMMEDIATE").await?))
    }

    /// A page of the rows of a table that the store has with other content. Needs a comparison first.
    pub async fn conflicts(
        &mut self,
        table: TableName,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<ConflictingRow>> {
        let table = table.table();
        let Some(staged) = SNAPSHOT_TABLES.iter().find(|staged| staged.name == table.name.into_str()) else {
            return Ok(Vec::new());
        };
        let has_metadata = comparison::has_metadata(&mut self.database).await?;
        let statement = sql::statement(staged.conflicts(table, has_metadata)).bind(limit).bind(offset);
        let rows = statement.fetch_all(&mut self.database).await?;
        let parsed =
            |text: &str| serde_json::from_str::<Row>(text).map_err(|e| Error::internal("reading a row", &e));
        let conflict = |row: &SqliteRow| {
            Ok(ConflictingRow {
                here: parsed(row.try_get(0)?)?,
                there: parsed(row.try_get(1)?)?,
                label: shown_label(row, 2)?,
            })
        };
        rows.iter().map(conflict).collect()
    }

    /// Drops the staged rows.
    pub async fn close(self) {
        let _ = self.database.close().await;
    }
}

async fn index(database: &mut SqliteConnection, table: usize) -> Result<()> {
    if let Some(statement) = SNAPSHOT_TABLES[table].index() {
        sql::statement(statement).execute(database).await?;
    }
    Ok(())
}

async fn insert(database: &mut SqliteConnection, StagedRows { table, rows }: StagedRows) -> Result<()> {
    let table = &SNAPSHOT_TABLES[table];
    let count = rows.len();
    let mut arguments = SqliteArguments::default();
    for (number, cells) in rows {
        cell::add(&mut arguments, Cell::Integer(number.cast_signed()))?;
        for cell in cells {
            cell::add(&mut arguments, cell)?;
        }
    }
    // A clone of arguments shares their texts.
    let again = table.resource().map(|_| arguments.clone());
    let taken = sql::statement_with(table.insert_rows(count), arguments).execute(&mut *database).await?;
    if let Some(again) = again.filter(|_| taken.rows_affected() < count as u64) {
        sql::statement_with(table.insert_repeats(count), again).execute(database).await?;
    }
    Ok(())
}
