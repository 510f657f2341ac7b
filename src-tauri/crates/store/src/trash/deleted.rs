//! The trash: deleted rows, listed and purged.

use std::collections::BTreeMap;

use resources::Described as _;
use schema::{Error, ErrorCode, Result, Row, TableName};
use serde::Serialize;
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection};

use crate::{
    RowKey, Store, TableCount,
    reach::{Rows, counts},
    references::{id_list, shown_label},
    sql,
};

/// How long deleted rows are kept, in days.
pub const KEPT_DAYS: u32 = 30;

/// A deletion shows at most this many of its rows.
const SHOWN: i64 = 100;

/// A row that was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct DeletedRow {
    /// The table it was in.
    pub table: TableName,
    /// Its id.
    pub id: String,
    /// Its label when it was deleted.
    pub label: String,
}

/// Rows that were deleted together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Deletion {
    /// Its id, larger than those of earlier deletions.
    pub id: i64,
    /// What was deleted, in words.
    pub what: String,
    /// When, in UTC.
    pub deleted_at: String,
    /// When it is purged, in UTC.
    pub kept_until: String,
    /// How many of its rows are kept, by table.
    pub counts: Vec<TableCount>,
    /// The first hundred of them.
    pub rows: Vec<DeletedRow>,
    /// How many references to these rows were set to null.
    pub cleared: u64,
}

/// A page of the deletions, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct DeletedPage {
    /// How many deletions there are.
    pub total: u64,
    /// Those of this page.
    pub deletions: Vec<Deletion>,
}

/// Records a deletion and copies its rows, which must still exist, with their metadata.
pub(super) async fn keep(database: &mut SqliteConnection, rows: &Rows, what: Option<&str>) -> Result<i64> {
    let id = sqlx::query(
        "INSERT INTO studio_deletions (deleted_at, what) VALUES (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), '')",
    )
    .execute(&mut *database)
    .await?
    .last_insert_rowid();
    for (table, ids) in rows {
        for statement in sql::deleted::keep(table.table()) {
            sql::statement(statement).bind(id).bind(id_list(ids)).execute(&mut *database).await?;
        }
    }
    let what = match what {
        Some(what) => what.to_owned(),
        None => description(database, id, rows).await?,
    };
    sqlx::query("UPDATE studio_deletions SET what = ? WHERE id = ?")
        .bind(what)
        .bind(id)
        .execute(database)
        .await?;
    Ok(id)
}

/// Describes a deletion: one row by its label, several by their counts.
async fn description(database: &mut SqliteConnection, deletion: i64, rows: &Rows) -> Result<String> {
    let counts = counts(rows);
    if let [TableCount { table, rows: 1 }] = counts[..] {
        let label = sqlx::query("SELECT label FROM studio_deleted_rows WHERE deletion = ?").bind(deletion);
        let label = shown_label(&label.fetch_one(database).await?, 0)?;
        return Ok(format!("{} '{label}'", table.table().singular));
    }
    Ok(count_text(&counts))
}

/// "2 datasets and 1 prompt".
pub(super) fn count_text(counts: &[TableCount]) -> String {
    let one = |count: &TableCount| {
        let table = count.table.table();
        format!("{} {}", count.rows, if count.rows == 1 { table.singular } else { table.plural })
    };
    let all: Vec<String> = counts.iter().map(one).collect();
    match &all[..] {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The rows that a deletion keeps; an error if there is no such deletion.
pub(super) async fn rows_of(database: &mut SqliteConnection, deletion: i64) -> Result<Rows> {
    let mut rows = Rows::new();
    let found = sqlx::query("SELECT table_name, row_id FROM studio_deleted_rows WHERE deletion = ?");
    for row in found.bind(deletion).fetch_all(database).await? {
        rows.entry(table(row.try_get(0)?)?).or_default().insert(row.try_get(1)?);
    }
    if rows.is_empty() { Err(no_deletion(deletion)) } else { Ok(rows) }
}

pub(super) fn no_deletion(id: i64) -> Error {
    Error::new(ErrorCode::NotFound, format!("There is no deletion {id} to restore."))
        .hint(format!("It may have been restored already, or it is older than {KEPT_DAYS} days. Check the list of deletions."))
}

/// Parses the name of a table in the trash.
pub(super) fn table(name: &str) -> Result<TableName> {
    name.parse().map_err(|error: String| Error::internal("reading what was deleted", &error))
}

impl Store {
    /// A page of the deletions, the latest first.
    pub async fn deleted(&self, offset: u32, limit: u32) -> Result<DeletedPage> {
        let mut tx = self.pool().begin().await?;
        let total: i64 =
            sqlx::query_scalar("SELECT count(*) FROM studio_deletions").fetch_one(&mut *tx).await?;
        let found = sqlx::query(
            "SELECT id, what, deleted_at, strftime('%Y-%m-%dT%H:%M:%fZ', deleted_at, ?3 || ' days'), \
             (SELECT count(*) FROM studio_cleared_references WHERE deletion = d.id) \
             FROM studio_deletions AS d ORDER BY id DESC LIMIT ?1 OFFSET ?2",
        );
        let found = found.bind(limit).bind(offset).bind(KEPT_DAYS).fetch_all(&mut *tx).await?;
        let mut deletions = Vec::with_capacity(found.len());
        for row in found {
            let id = row.try_get(0)?;
            deletions.push(Deletion {
                id,
                what: row.try_get(1)?,
                deleted_at: row.try_get(2)?,
                kept_until: row.try_get(3)?,
                counts: counts_of(&mut tx, id).await?,
                rows: first_rows(&mut tx, id).await?,
                cleared: row.try_get::<i64, _>(4)?.unsigned_abs(),
            });
        }
        Ok(DeletedPage { total: total.unsigned_abs(), deletions })
    }

    /// A deleted row with its values; those without a JSON form are texts.
    pub async fn deleted_row(&self, deletion: i64, key: &RowKey) -> Result<Row> {
        let mut database = self.pool().acquire().await?;
        let values = sqlx::query(
            "SELECT column_name, CASE typeof(value) WHEN 'blob' THEN json_object('$blob', hex(value)) \
             WHEN 'real' THEN CASE WHEN abs(value) > 1.7976931348623157e308 THEN json_quote(printf('%f', value)) \
             ELSE printf('%!.17g', value) END ELSE json_quote(value) END \
             FROM studio_deleted_values WHERE deletion = ?1 AND table_name = ?2 AND row_id = ?3 AND source = ?2",
        );
        let values = values.bind(deletion).bind(key.table.into_str()).bind(&key.id);
        let mut kept = BTreeMap::new();
        for row in values.fetch_all(&mut *database).await? {
            let value = serde_json::from_str::<Value>(row.try_get(1)?);
            let value = value.map_err(|error| Error::internal("reading what was deleted", &error))?;
            kept.insert(row.try_get::<String, _>(0)?, value);
        }
        if kept.is_empty() {
            return Err(no_deletion(deletion));
        }
        let columns = key.table.table().columns.iter();
        Ok(columns.map(|c| (c.name.to_owned(), kept.remove(c.name).unwrap_or_default())).collect())
    }

    /// Deletes a deletion's rows for good.
    pub async fn purge(&self, deletion: i64) -> Result<()> {
        let mut tx = self.write().await?;
        rows_of(&mut tx, deletion).await?;
        for statement in sql::deleted::forget_deletions("id = ?") {
            sql::statement(statement).bind(deletion).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Purges the deletions that are older than [`KEPT_DAYS`].
    pub(crate) async fn purge_expired(&self) -> Result<()> {
        const EXPIRED: &str = "julianday(deleted_at) < julianday('now') - ?";
        let expired =
            sqlx::query("SELECT 1 FROM studio_deletions WHERE julianday(deleted_at) < julianday('now') - ?");
        if expired.bind(KEPT_DAYS).fetch_optional(self.pool()).await?.is_none() {
            return Ok(());
        }
        let mut tx = self.write().await?;
        for statement in sql::deleted::forget_deletions(EXPIRED) {
            sql::statement(statement).bind(KEPT_DAYS).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn counts_of(database: &mut SqliteConnection, deletion: i64) -> Result<Vec<TableCount>> {
    let found =
        sqlx::query("SELECT table_name, count(*) FROM studio_deleted_rows WHERE deletion = ? GROUP BY 1");
    let mut counts = Vec::new();
    for row in found.bind(deletion).fetch_all(database).await? {
        counts.push(TableCount {
            table: table(row.try_get(0)?)?,
            rows: row.try_get::<i64, _>(1)?.unsigned_abs(),
        });
    }
    counts.sort_by_key(|count| count.table);
    Ok(counts)
}

async fn first_rows(database: &mut SqliteConnection, deletion: i64) -> Result<Vec<DeletedRow>> {
    let found = sqlx::query(
        "SELECT table_name, row_id, label FROM studio_deleted_rows WHERE deletion = ? ORDER BY label LIMIT ?",
    );
    let mut rows = Vec::new();
    for row in found.bind(deletion).bind(SHOWN).fetch_all(database).await? {
        rows.push(DeletedRow {
            table: table(row.try_get(0)?)?,
            id: row.try_get(1)?,
            label: shown_label(&row, 2)?,
        });
    }
    Ok(rows)
}
