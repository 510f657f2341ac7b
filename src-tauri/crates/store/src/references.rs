//! Which rows refer to a row, found by the reference columns of the declarations.

use resources::{Described as _, referring_columns};
use schema::{Result, TableName};
use serde::Serialize;
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use crate::{Store, sql};

/// A row that refers to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct UseSample {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
}

/// The rows of one table that refer to a row through one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Use {
    /// The table of the rows.
    pub table: TableName,
    /// The column that refers.
    pub column: String,
    /// The number of those rows.
    pub total: u64,
    /// The first twenty of them.
    pub sample: Vec<UseSample>,
}

const SAMPLE: u32 = 20;

/// Ids as a JSON array, which statements read with `json_each`.
pub(super) fn id_list<'a>(ids: impl IntoIterator<Item = &'a String>) -> String {
    Value::from_iter(ids.into_iter().map(String::as_str)).to_string()
}

/// The label in a column of a result. Bytes that are not UTF-8 become replacement characters.
pub(super) fn shown_label(row: &SqliteRow, at: usize) -> Result<String> {
    Ok(String::from_utf8_lossy(row.try_get(at)?).into_owned())
}

/// The rows that refer to any of these rows.
pub(super) async fn uses(
    database: &mut SqliteConnection,
    target: TableName,
    ids: &[String],
) -> Result<Vec<Use>> {
    let ids = id_list(ids);
    let mut uses = Vec::new();
    for (table, column) in referring_columns(target) {
        let count = sql::statement(sql::count_referring(table, column)).bind(ids.clone());
        let total: i64 = count.fetch_one(&mut *database).await?.try_get(0)?;
        if total == 0 {
            continue;
        }
        let rows = sql::statement(sql::referring(table, column)).bind(ids.clone()).bind(SAMPLE);
        let rows = rows.fetch_all(&mut *database).await?;
        let sample =
            rows.iter().map(|row| Ok(UseSample { id: row.try_get(0)?, label: shown_label(row, 1)? }));
        uses.push(Use {
            table: table.name,
            column: column.name.to_owned(),
            total: total.unsigned_abs(),
            sample: sample.collect::<Result<_>>()?,
        });
    }
    Ok(uses)
}

impl Store {
    /// The rows that refer to a row.
    pub async fn used_by(&self, table: TableName, id: &str) -> Result<Vec<Use>> {
        let table = table.table();
        let mut tx = self.pool().begin().await?;
        uses(&mut tx, table.name, &[id.to_owned()]).await
    }
}
