//! Rows with paths that do not exist.

use platform::PathKinds;
use resources::{missing_path, path_columns};
use schema::{Result, Table};
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection};

use crate::sql;

/// Rowids of the rows with a path that does not exist, as a JSON array.
pub(super) async fn rows_missing_paths(
    database: &mut SqliteConnection,
    table: &'static Table,
) -> Result<String> {
    let mut known = PathKinds::default();
    let mut missing: Vec<i64> = Vec::new();
    for column in path_columns(table) {
        for row in sql::statement(sql::texts(table, column)).fetch_all(&mut *database).await? {
            let text: Vec<u8> = row.try_get_unchecked(1)?;
            let text = Value::from(String::from_utf8_lossy(&text).into_owned());
            if missing_path(column, &text, &mut known).is_some() {
                missing.push(row.try_get(0)?);
            }
        }
    }
    Ok(Value::from(missing).to_string())
}
