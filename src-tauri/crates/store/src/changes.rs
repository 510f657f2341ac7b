//! Which tables of the database changed since the last look, by this or any other process.

use std::collections::BTreeSet;

use resources::TABLES;
use schema::{Result, TableName};
use sqlx::{Connection as _, Row as _, Sqlite, SqliteConnection, pool::PoolConnection};

use crate::{Run, Store, StoredTransfer, runs, sql, transfers};

/// The changes of one or more transactions.
///
/// Saved filters, settings and other tables of this program are not distinguished: each change may have
/// changed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreChange {
    /// The tables with rows that were added, changed, tagged or deleted, in declaration order.
    pub tables: Vec<TableName>,
    /// Whether a run was added, changed or forgotten.
    pub runs: bool,
    /// Whether a transfer was added, changed or forgotten.
    pub transfers: bool,
}

impl StoreChange {
    /// Every table may have changed.
    pub fn everything() -> Self {
        Self { tables: TABLES.iter().map(|table| table.name).collect(), runs: true, transfers: true }
    }
}

/// The state at the last look. Occupies a connection of the store until it is dropped.
#[derive(Debug)]
pub struct Changes {
    database: PoolConnection<Sqlite>,
    /// `PRAGMA data_version`: another number after every commit of another connection
    /// (<https://sqlite.org/pragma.html#pragma_data_version>).
    version: i64,
    fingerprint: Fingerprint,
}

/// The values by which changes are found.
#[derive(Debug, PartialEq)]
struct Fingerprint {
    /// `PRAGMA schema_version`.
    schema: i64,
    /// The number of the last note of a changed or deleted row.
    note: i64,
    /// The largest rowid of each table, for rows that were added.
    last_rows: Vec<i64>,
    runs: Vec<Run>,
    transfers: Vec<StoredTransfer>,
}

impl Store {
    /// The current state, from which changes are found.
    pub async fn changes(&self) -> Result<Changes> {
        let mut database = self.pool().acquire().await?;
        let mut tx = database.begin().await?;
        let (version, fingerprint) = (data_version(&mut tx).await?, Fingerprint::read(&mut tx).await?);
        tx.rollback().await?;
        Ok(Changes { database, version, fingerprint })
    }

    /// Waits until the store is closed.
    pub async fn closed(&self) {
        self.pool().close_event().await;
    }
}

impl Changes {
    /// The changes since the last look; `None`, at the cost of one pragma, if there are none. After an
    /// error, the next look includes them.
    pub async fn look(&mut self) -> Result<Option<StoreChange>> {
        if data_version(&mut self.database).await? == self.version {
            return Ok(None);
        }
        let mut tx = self.database.begin().await?;
        let (version, fingerprint) = (data_version(&mut tx).await?, Fingerprint::read(&mut tx).await?);
        let change = change(&mut tx, &self.fingerprint, &fingerprint).await?;
        tx.rollback().await?;
        (self.version, self.fingerprint) = (version, fingerprint);
        Ok(Some(change))
    }
}

impl Fingerprint {
    async fn read(database: &mut SqliteConnection) -> Result<Self> {
        let schema = sqlx::query_scalar("PRAGMA main.schema_version").fetch_one(&mut *database).await?;
        let note = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'studio_search_notes'), 0)";
        let note = sqlx::query_scalar(note).fetch_one(&mut *database).await?;
        let mut last_rows = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            last_rows.push(sql::statement(sql::last_row(table)).fetch_one(&mut *database).await?.try_get(0)?);
        }
        let runs = runs::select("ORDER BY id", &mut *database).await?;
        let transfers = transfers::select("ORDER BY id", database).await?;
        Ok(Self { schema, note, last_rows, runs, transfers })
    }
}

async fn change(
    database: &mut SqliteConnection,
    before: &Fingerprint,
    now: &Fingerprint,
) -> Result<StoreChange> {
    let (kept, noted): (i64, Option<String>) = sqlx::query_as(
        "SELECT count(*), json_group_array(DISTINCT table_name) FROM studio_search_notes WHERE n > ?",
    )
    .bind(before.note)
    .fetch_one(database)
    .await?;
    // Notes are missing if old ones were deleted or a backup was restored.
    if before.schema != now.schema || kept != now.note - before.note {
        return Ok(StoreChange::everything());
    }
    let noted: BTreeSet<String> =
        noted.and_then(|names| serde_json::from_str(&names).ok()).unwrap_or_default();
    let rows = before.last_rows.iter().zip(&now.last_rows);
    let tables = TABLES
        .iter()
        .zip(rows)
        .filter(|(table, (before, now))| before != now || noted.contains(table.name.into_str()));
    Ok(StoreChange {
        tables: tables.map(|(table, _)| table.name).collect(),
        runs: before.runs != now.runs,
        transfers: before.transfers != now.transfers,
    })
}

async fn data_version(database: &mut SqliteConnection) -> Result<i64> {
    Ok(sqlx::query_scalar("PRAGMA main.data_version").fetch_one(database).await?)
}
