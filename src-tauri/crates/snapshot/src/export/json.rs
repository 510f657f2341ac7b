//! The JSON snapshot: `{table: {"schema": "CREATE TABLE IF NOT EXISTS …", "data": [row, …]}}`,
//! the form the reference studio writes and reads. Rows are ordered by id and stand one a line,
//! so two snapshots can be compared with `diff`.

use std::{
    io::{BufWriter, Write},
    path::Path,
};

use platform::{AtomicFile, Progress, Work};
use schema::{Error, Result, TableName};
use store::{Extent, Moment, SNAPSHOT_TABLES, SnapshotTable, Store, TableCount};
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
    write(&mut store.moment().await?, target, &Extent::Tables(tables.to_vec()), with_metadata, work).await
}

/// Writes a snapshot of an extent in a read transaction.
pub(super) async fn write(
    moment: &mut Moment,
    target: &Path,
    extent: &Extent,
    with_metadata: bool,
    work: &Work,
) -> Result<Exported> {
    let total = moment.counts(extent).await?.iter().map(|count| count.rows).sum();
    work.tick(Progress { done: 0, total: Some(total), rows: 0 })?;
    let snapshot = AtomicFile::new(target)?;
    let file = snapshot.handle()?;
    let mut writer = Writer { file: BufWriter::with_capacity(1 << 18, file), target, work, done: 0, total };
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
    work: &'a Work,
    done: u64,
    total: u64,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) -> Result<()> {
        self.file.write_all(text.as_bytes()).map_err(|error| Error::file("write", self.target, &error))
    }

    async fn table(&mut self, moment: &mut Moment, table: &SnapshotTable, extent: &Extent) -> Result<u64> {
        let schema = serde_json::Value::from(moment.schema(table).await?);
        self.text(&format!("  \"{}\": {{\n    \"schema\": {schema},\n    \"data\": [", table.name))?;
        let mut rows = moment.rows(table, extent);
        let mut count = 0;
        while let Some(row) = rows.next().await {
            self.text(if count == 0 { "\n      " } else { ",\n      " })?;
            self.text(&row?.snapshot_json()?)?;
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
