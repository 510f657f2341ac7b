//! The JSON snapshot: `{table: {"schema": "CREATE TABLE IF NOT EXISTS …", "data": [row, …]}}`,
//! the form the reference studio writes and reads. Rows are ordered by id and stand one a line,
//! so two snapshots can be compared with `diff`.

use std::{
    borrow::Cow,
    io::{BufWriter, Write},
    path::Path,
};

use platform::{Progress, Work, atomic_file};
use schema::{Error, ErrorCode, Result, TableName};
use sqlx::{Column as _, Row as _, SqliteConnection, sqlite::SqliteRow};
use store::{
    Store, TableCount,
    sql::{Extent, Stage},
};
use tokio_stream::StreamExt as _;

use super::{Exported, staged::STAGES};

pub(super) const ROWS_A_TICK: u64 = 1_000;

/// Writes a snapshot of one moment: all tables are read in one transaction.
pub async fn export_json(
    store: &Store,
    target: &Path,
    tables: &[TableName],
    work: &Work,
) -> Result<Exported> {
    let mut tx = store.pool().begin().await?;
    let total = store::counts(&mut tx).await?.iter().map(|count| count.rows).sum();
    write(&mut tx, target, &Extent::Tables(tables), total, work).await
}

/// Writes a snapshot of so many rows.
pub(super) async fn write(
    database: &mut SqliteConnection,
    target: &Path,
    extent: &Extent<'_>,
    total: u64,
    work: &Work,
) -> Result<Exported> {
    work.tick(Progress { done: 0, total: Some(total), rows: 0 })?;
    let temporary = atomic_file::beside(target)?;
    let (file, path) = temporary.into_parts();
    let mut writer = Writer { file: BufWriter::with_capacity(1 << 18, file), target, work, done: 0, total };
    let mut rows = Vec::new();
    let wanted = STAGES.iter().filter(|stage| stage.table().is_none_or(|table| extent.has(table.name)));
    for (at, stage) in wanted.enumerate() {
        writer.text(if at == 0 { "{\n" } else { ",\n" })?;
        let written = writer.table(database, stage, extent).await?;
        rows.extend(stage.table().map(|table| TableCount { table: table.name, rows: written }));
    }
    writer.text("\n}\n")?;
    writer.file.flush().map_err(|error| Error::file("write", target, &error))?;
    work.tick(Progress { done: total, total: Some(total), rows: total })?;
    let bytes = atomic_file::put(path, target)?;
    Ok(Exported { path: target.display().to_string(), bytes, rows })
}

struct Writer<'a> {
    file: BufWriter<std::fs::File>,
    target: &'a Path,
    work: &'a Work,
    done: u64,
    total: u64,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) -> Result<()> {
        self.file.write_all(text.as_bytes()).map_err(|error| Error::file("write", self.target, &error))
    }

    async fn table(
        &mut self,
        database: &mut SqliteConnection,
        stage: &Stage,
        extent: &Extent<'_>,
    ) -> Result<u64> {
        let schema: String =
            sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?")
                .bind(stage.name)
                .fetch_one(&mut *database)
                .await?;
        let schema = if_not_exists(&schema);
        self.text(&format!("  \"{}\": {{\n    \"schema\": {schema},\n    \"data\": [", stage.name))?;
        let mut rows = extent.read(stage).fetch(database);
        let mut count = 0;
        while let Some(row) = rows.next().await {
            let row = row?;
            self.text(if count == 0 { "\n      " } else { ",\n      " })?;
            self.text(&exactly(&row)?)?;
            count += 1;
            self.done += 1;
            if self.done.is_multiple_of(ROWS_A_TICK) {
                self.work.tick(Progress { done: self.done, total: Some(self.total), rows: self.done })?;
            }
        }
        self.text(if count == 0 { "]\n  }" } else { "\n    ]\n  }" })?;
        Ok(count)
    }
}

/// The row's text, with the numbers that the database can't write exactly.
pub(super) fn exactly(row: &SqliteRow) -> Result<Cow<'_, str>> {
    let bytes: &[u8] = row.try_get(0)?;
    let text = std::str::from_utf8(bytes).map_err(|_| not_utf8(bytes))?;
    let mut exact: Option<schema::Row> = None;
    for column in &row.columns()[1..] {
        let number: Option<f64> = row.try_get(column.ordinal())?;
        // Infinities have no JSON form: the database's stands.
        let Some(number) = number.filter(|number| number.is_finite()) else { continue };
        if exact.is_none() {
            exact = Some(serde_json::from_str(text).map_err(|e| Error::internal("reading a row", &e))?);
        }
        exact.as_mut().and_then(|row| row.insert(column.name().to_owned(), number.into()));
    }
    Ok(exact.map_or(Cow::Borrowed(text), |row| serde_json::Value::Object(row).to_string().into()))
}

fn not_utf8(row: &[u8]) -> Error {
    let row: Option<schema::Row> = serde_json::from_str(&String::from_utf8_lossy(row)).ok();
    let id = row.as_ref().and_then(|row| row.get("id")?.as_str()).unwrap_or_default();
    Error::new(
        ErrorCode::Invalid,
        format!("The row '{id}' has text that is not UTF-8, which this format can't contain."),
    )
    .hint("Correct the row, or export the whole database to SQLite, which keeps the text unchanged.")
}

/// The statement that made the table, as JSON text, in the form that does nothing where the
/// table is there already. SQLite stores it from `CREATE TABLE` on, whatever was written.
fn if_not_exists(schema: &str) -> serde_json::Value {
    schema.replacen("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1).into()
}
