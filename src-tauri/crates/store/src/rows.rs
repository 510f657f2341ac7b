//! Rows of one table by id or by the text of a column.

use std::borrow::Cow;

use resources::TABLES;
use schema::{Error, ErrorCode, Result, Row, Table};
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use crate::{TableCount, sql};

/// The number of rows of each table.
pub async fn counts(database: &mut SqliteConnection) -> Result<Vec<TableCount>> {
    let mut counts = Vec::new();
    for table in TABLES {
        let count = sql::statement(sql::count(table)).fetch_one(&mut *database).await?;
        counts.push(TableCount { table: table.name, rows: count.try_get::<i64, _>(0)?.unsigned_abs() });
    }
    Ok(counts)
}

pub(crate) fn not_found(table: &Table, id: &str) -> Error {
    Error::new(ErrorCode::NotFound, format!("There is no {} with the id '{id}'.", table.singular))
        .hint("It may have been deleted. Check the id.")
}

/// The row with that id.
pub async fn find(database: &mut SqliteConnection, table: &Table, id: &str) -> Result<Option<Row>> {
    let row = sql::statement(sql::find(table)).bind(id.to_owned()).fetch_optional(database).await?;
    row.map(|row| Ok(parsed(&row)?.row)).transpose()
}

/// The rows whose column equals a text, oldest first.
pub async fn rows_where(
    database: &mut SqliteConnection,
    table: &Table,
    column: &str,
    text: &str,
) -> Result<Vec<Row>> {
    let Some(column) = table.column(column) else { return Ok(Vec::new()) };
    rows_of(database, sql::rows_where(table, column), text).await
}

/// The rows of a statement that takes one text.
async fn rows_of(database: &mut SqliteConnection, statement: String, text: &str) -> Result<Vec<Row>> {
    let rows = sql::statement(statement).bind(text.to_owned()).fetch_all(database).await?;
    rows.iter().map(|row| Ok(parsed(row)?.row)).collect()
}

/// The oldest row whose column, trimmed, equals a text.
pub async fn row_named(
    database: &mut SqliteConnection,
    table: &Table,
    column: &str,
    text: &str,
) -> Result<Option<Row>> {
    Ok(rows_named(database, table, column, text).await?.into_iter().next())
}

/// A name that no row has: the wanted one, else the wanted one with a number, as in `name-2`.
pub async fn free_name(database: &mut SqliteConnection, table: &Table, wanted: &str) -> Result<String> {
    let (mut name, mut number) = (wanted.to_owned(), 2);
    while row_named(database, table, "name", &name).await?.is_some() {
        name = format!("{wanted}-{number}");
        number += 1;
    }
    Ok(name)
}

/// The rows whose column, trimmed, equals a text, the oldest first.
pub(crate) async fn rows_named(
    database: &mut SqliteConnection,
    table: &Table,
    column: &str,
    text: &str,
) -> Result<Vec<Row>> {
    let Some(column) = table.column(column) else { return Ok(Vec::new()) };
    rows_of(database, sql::rows_named(table, column), text).await
}

/// A row that was read from its JSON form.
pub(crate) struct Parsed {
    pub(crate) row: Row,
    /// Whether a text of it is not UTF-8, so that it contains replacement characters.
    pub(crate) lossy: bool,
}

/// The row whose JSON is the first column.
pub(crate) fn parsed(row: &SqliteRow) -> Result<Parsed> {
    let json = String::from_utf8_lossy(row.try_get(0)?);
    let lossy = matches!(json, Cow::Owned(_));
    let row = serde_json::from_str(&json).map_err(|error| Error::internal("reading a row", &error))?;
    Ok(Parsed { row, lossy })
}
