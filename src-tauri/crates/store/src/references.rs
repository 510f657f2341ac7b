//! Which rows refer to a row, found by the reference columns of the declarations.

use resources::{Described as _, referring_columns};
use schema::{Column, Result, Table, TableName};
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use crate::{Store, Use, UseSample, sql};

/// The number of rows of a [`Use`] that are named.
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
        uses.push(uses_through(database, table, column, &ids, SAMPLE).await?);
    }
    uses.retain(|found| found.total > 0);
    Ok(uses)
}

/// The rows of a table that refer through a column to an id in a JSON array, the first `most` of them named.
pub(super) async fn uses_through(
    database: &mut SqliteConnection,
    table: &Table,
    column: &Column,
    ids: &str,
    most: u32,
) -> Result<Use> {
    let count = sql::statement(sql::count_referring(table, column)).bind(ids.to_owned());
    let total: i64 = count.fetch_one(&mut *database).await?.try_get(0)?;
    let mut sample = Vec::new();
    if total > 0 {
        let rows = sql::statement(sql::referring(table, column)).bind(ids.to_owned()).bind(most);
        for row in rows.fetch_all(database).await? {
            sample.push(UseSample { id: row.try_get(0)?, label: shown_label(&row, 1)? });
        }
    }
    Ok(Use { table: table.name, column: column.name.to_owned(), total: total.unsigned_abs(), sample })
}

impl Store {
    /// The rows that refer to a row.
    pub async fn used_by(&self, table: TableName, id: &str) -> Result<Vec<Use>> {
        let table = table.table();
        let mut tx = self.pool().begin().await?;
        uses(&mut tx, table.name, &[id.to_owned()]).await
    }
}
