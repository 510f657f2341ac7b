//! The JSON snapshot: `{table: {"schema": "CREATE TABLE IF NOT EXISTS …", "data": [row, …]}}`,
//! the form the reference studio writes and reads. Rows are ordered by id and stand one a line,
//! so two snapshots can be compared with `diff`.

use std::{
    collections::BTreeMap,
    io::{BufWriter, Write},
    path::Path,
};

use platform::{AtomicFile, Progress, Work};
use schema::{Error, Result, Row, TableName};
use store::{ExportedRow, Extent, Moment, SNAPSHOT_TABLES, SnapshotTable, Store, TableCount};
use tokio_stream::StreamExt as _;

use super::{Exported, ROWS_A_TICK};

/// Writes a snapshot of some tables, with or without the tables with metadata of their rows.
pub async fn export_json(
    store: &Store,
    target: &Path,
    tables: &[TableName],
    with_metadata: bool,
    work: &Work,
) -> Result<Exported> {
    let extent = Extent::Tables(tables.to_vec());
    write(&mut store.moment().await?, target, &extent, with_metadata, &OtherTexts::new(), work).await
}

/// Texts that stand in a snapshot in place of those of the store: by the row, its columns with the texts.
pub type OtherTexts = BTreeMap<(TableName, String), Vec<(&'static str, String)>>;

/// Writes a snapshot of an extent with the metadata of its rows, in a read transaction.
pub async fn export_extent(
    moment: &mut Moment,
    target: &Path,
    extent: &Extent,
    texts: &OtherTexts,
    work: &Work,
) -> Result<Exported> {
    write(moment, target, extent, true, texts, work).await
}

/// The same without the metadata, which the reference studio has no tables for.
pub async fn export_plain_extent(
    moment: &mut Moment,
    target: &Path,
    extent: &Extent,
    work: &Work,
) -> Result<Exported> {
    write(moment, target, extent, false, &OtherTexts::new(), work).await
}

/// Writes a snapshot of an extent in a read transaction.
async fn write(
    moment: &mut Moment,
    target: &Path,
    extent: &Extent,
    with_metadata: bool,
    texts: &OtherTexts,
    work: &Work,
) -> Result<Exported> {
    let total = moment.counts(extent).await?.iter().map(|count| count.rows).sum();
    work.tick(Progress { done: 0, total: Some(total), rows: 0 })?;
    let snapshot = AtomicFile::new(target)?;
    let file = snapshot.handle()?;
    let mut writer =
        Writer { file: BufWriter::with_capacity(1 << 18, file), target, texts, work, done: 0, total };
    let mut rows = Vec::new();
    let mut before = "{\n";
    for table in SNAPSHOT_TABLES.iter().filter(|table| with_metadata || table.resource().is_some()) {
        if !moment.has(table, extent).await? {
            continue;
        }
        writer.text(std::mem::replace(&mut before, ",\n"))?;
        let written = writer.table(moment, table, extent).await?;
        rows.extend(table.resource().map(|table| TableCount { table: table.name, rows: written }));
    }
    writer.text("\n}\n")?;
    writer.file.flush().map_err(|error| Error::file("write", target, &error))?;
    work.tick(Progress { done: total, total: Some(total), rows: total })?;
    let bytes = snapshot.commit()?;
    Ok(Exported { path: target.display().to_string(), bytes, rows })
}

struct Writer<'a> {
    file: BufWriter<std::fs::File>,
    target: &'a Path,
    texts: &'a OtherTexts,
    work: &'a Work,
    done: u64,
    total: u64,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) -> Result<()> {
        self.file.write_all(text.as_bytes()).map_err(|error| Error::file("write", self.target, &error))
    }

    /// The texts that replace those of a row.
    fn texts_of(&self, table: TableName, row: &ExportedRow) -> Result<&[(&'static str, String)]> {
        let row: Row =
            serde_json::from_str(&row.json()?).map_err(|error| Error::internal("reading a row", &error))?;
        let id = row.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
        Ok(self.texts.get(&(table, id.to_owned())).map_or(&[], Vec::as_slice))
    }

    async fn table(&mut self, moment: &mut Moment, table: &SnapshotTable, extent: &Extent) -> Result<u64> {
        let schema = serde_json::Value::from(moment.schema(table).await?);
        self.text(&format!("  \"{}\": {{\n    \"schema\": {schema},\n    \"data\": [", table.name))?;
        let resource = table.resource().map(|table| table.name);
        let replaced = self.texts.keys().any(|(table, _)| Some(*table) == resource);
        let mut rows = moment.rows(table, extent);
        let mut count = 0;
        while let Some(row) = rows.next().await {
            self.text(if count == 0 { "\n      " } else { ",\n      " })?;
            let row = row?;
            let texts = resource.filter(|_| replaced).map(|table| self.texts_of(table, &row)).transpose()?;
            self.text(&row.snapshot_json_with(texts.unwrap_or_default())?)?;
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
