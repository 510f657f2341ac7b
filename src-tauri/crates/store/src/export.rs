//! Rows of a read transaction as JSON texts, for exports.

use std::borrow::Cow;

use schema::{Error, ErrorCode, Result, Row, Table};
use sqlx::{Column as _, Row as _, Sqlite, Transaction, sqlite::SqliteRow};
use tokio_stream::{Stream, StreamExt as _};

use crate::{
    Store, TableCount,
    extent::Extent,
    metadata::MetadataTable,
    reach::{closure, counts as counts_of, referred, rows_here},
    rows::counts,
    sql,
    staging::{Content, SnapshotTable},
};

/// A read transaction: the state of the store at one time.
#[derive(Debug)]
pub struct Moment {
    tx: Transaction<'static, Sqlite>,
}

/// A row of an export.
#[derive(Debug)]
pub struct ExportedRow(SqliteRow);

impl Store {
    /// Begins a read transaction, which later changes do not affect.
    pub async fn moment(&self) -> Result<Moment> {
        Ok(Moment { tx: self.pool().begin().await? })
    }
}

impl Moment {
    /// The rows of a table with these ids and, `with_references`, all that they refer to, directly
    /// or through others. One that is not in the store is an error.
    pub async fn rows_of(
        &mut self,
        table: &'static Table,
        ids: &[String],
        with_references: bool,
    ) -> Result<Extent> {
        let rows = rows_here(&mut self.tx, table, ids).await?;
        Ok(Extent::Rows(match with_references {
            true => closure(&mut self.tx, &rows, referred).await?,
            false => rows,
        }))
    }

    /// The number of rows of each table of an extent.
    pub async fn counts(&mut self, extent: &Extent) -> Result<Vec<TableCount>> {
        match extent {
            Extent::Rows(rows) => Ok(counts_of(rows)),
            Extent::Tables(tables) => {
                let mut counts = counts(&mut self.tx).await?;
                counts.retain(|count| tables.contains(&count.table));
                Ok(counts)
            }
        }
    }

    /// The `CREATE TABLE IF NOT EXISTS` statement of a table.
    pub async fn schema(&mut self, table: &SnapshotTable) -> Result<String> {
        let schema: String =
            sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?")
                .bind(table.name)
                .fetch_one(&mut *self.tx)
                .await?;
        // SQLite normalizes the beginning of the stored statement to `CREATE TABLE`.
        Ok(schema.replacen("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1))
    }

    /// Whether an export has the table: one that few stores use is left out where it has no rows.
    pub async fn has(&mut self, table: &SnapshotTable, extent: &Extent) -> Result<bool> {
        match table.content {
            Content::Resource(table) => Ok(extent.has(table.name)),
            Content::Metadata(MetadataTable { completes: None, .. }) => Ok(true),
            Content::Metadata(_) | Content::Targets => {
                Ok(sql::exported(table, extent).fetch_optional(&mut *self.tx).await?.is_some())
            }
        }
    }

    /// The rows of a table that belong to an extent, by id.
    pub fn rows<'a>(
        &'a mut self,
        table: &SnapshotTable,
        extent: &Extent,
    ) -> impl Stream<Item = Result<ExportedRow>> + Send + Unpin + 'a {
        sql::exported(table, extent).fetch(&mut *self.tx).map(|row| Ok(ExportedRow(row?)))
    }
}

impl ExportedRow {
    /// The row as a JSON object, with every number exact.
    pub fn json(&self) -> Result<Cow<'_, str>> {
        let row = &self.0;
        let bytes: &[u8] = row.try_get(0)?;
        let text = std::str::from_utf8(bytes).map_err(|_| not_utf8(bytes))?;
        let mut exact: Option<Row> = None;
        // The further columns are the numbers that SQLite does not write exactly.
        for column in &row.columns()[1..] {
            let number: Option<f64> = row.try_get(column.ordinal())?;
            // Infinities have no JSON form, so SQLite's text is kept.
            let Some(number) = number.filter(|number| number.is_finite()) else { continue };
            if exact.is_none() {
                exact = Some(serde_json::from_str(text).map_err(|e| Error::internal("reading a row", &e))?);
            }
            exact.as_mut().and_then(|row| row.insert(column.name().to_owned(), number.into()));
        }
        Ok(exact.map_or(Cow::Borrowed(text), |row| serde_json::Value::Object(row).to_string().into()))
    }

    /// The same for a snapshot: an infinity is a number too large for a float, which every reader of
    /// JSON takes for one, and not the database's text for it.
    pub fn snapshot_json(&self) -> Result<Cow<'_, str>> {
        self.snapshot_json_with(&[])
    }

    /// The same with other texts in these columns.
    pub fn snapshot_json_with(&self, texts: &[(&str, String)]) -> Result<Cow<'_, str>> {
        let mut text = self.json()?;
        if !texts.is_empty() {
            let mut row: Row =
                serde_json::from_str(&text).map_err(|error| Error::internal("reading a row", &error))?;
            row.extend(texts.iter().map(|(column, text)| ((*column).to_owned(), text.clone().into())));
            text = serde_json::Value::Object(row).to_string().into();
        }
        for column in &self.0.columns()[1..] {
            let number: Option<f64> = self.0.try_get(column.ordinal())?;
            let Some(number) = number.filter(|number| number.is_infinite()) else { continue };
            let [shown, written] = if number > 0.0 { ["Inf", "9e999"] } else { ["-Inf", "-9e999"] };
            // Within a text, the quotes would be escaped.
            let name = column.name();
            text = text.replace(&format!("\"{name}\":\"{shown}\""), &format!("\"{name}\":{written}")).into();
        }
        Ok(text)
    }
}

fn not_utf8(row: &[u8]) -> Error {
    let row: Option<Row> = serde_json::from_str(&String::from_utf8_lossy(row)).ok();
    let id = row.as_ref().and_then(|row| row.get("id")?.as_str()).unwrap_or_default();
    Error::new(
        ErrorCode::Invalid,
        format!("The row '{id}' has text that is not UTF-8, which this format can't contain."),
    )
    .hint("Correct the row, or export the whole database to SQLite, which keeps the text unchanged.")
}
