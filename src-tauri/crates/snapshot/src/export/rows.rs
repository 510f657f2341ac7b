//! Export of chosen rows to a JSON snapshot or a CSV file.

use std::{fs::File, io::BufWriter, path::Path};

use platform::{AtomicFile, Progress, Work};
use schema::{Error, ErrorCode, Result, Row, Table};
use serde_json::Value;
use store::{Extent, Moment, SNAPSHOT_TABLES, Store, TableCount};
use tokio_stream::StreamExt as _;

use super::{
    Exported, ROWS_A_TICK, RowsForm,
    json::{self, OtherTexts},
};

/// Writes rows in a read transaction.
pub async fn export_rows(
    store: &Store,
    target: &Path,
    table: &'static Table,
    ids: &[String],
    form: RowsForm,
    work: &Work,
) -> Result<Exported> {
    if ids.is_empty() {
        return Err(Error::new(ErrorCode::Invalid, format!("Choose the {} to export.", table.plural)));
    }
    let mut moment = store.moment().await?;
    let with_references = form == RowsForm::Json { with_references: true };
    let rows = moment.rows_of(table, ids, with_references).await?;
    match form {
        RowsForm::Csv => write_csv(&mut moment, target, table, &rows, work).await,
        RowsForm::Json { .. } => {
            json::export_extent(&mut moment, target, &rows, &OtherTexts::new(), work).await
        }
    }
}

async fn write_csv(
    moment: &mut Moment,
    target: &Path,
    table: &'static Table,
    rows: &Extent,
    work: &Work,
) -> Result<Exported> {
    let failed = |error: csv::Error| Error::file("write", target, &error.into());
    let total = moment.counts(rows).await?.iter().map(|count| count.rows).sum();
    let file = AtomicFile::new(target)?;
    let mut writer = csv::Writer::from_writer(BufWriter::new(file.handle()?));
    writer.write_record(table.columns.iter().map(|column| column.name)).map_err(failed)?;
    let mut done = 0;
    for exported in SNAPSHOT_TABLES.iter().filter(|exported| exported.name == table.name.into_str()) {
        let mut read = moment.rows(exported, rows);
        while let Some(row) = read.next().await {
            if done % ROWS_A_TICK == 0 {
                work.tick(Progress { done, total: Some(total), rows: done })?;
            }
            let row: Row = serde_json::from_str(&row?.json()?)
                .map_err(|error| Error::internal("reading a row", &error))?;
            writer.write_record(table.columns.iter().map(|c| cell(row.get(c.name)))).map_err(failed)?;
            done += 1;
        }
    }
    finish(writer).map_err(|error| Error::file("write", target, &error))?;
    work.tick(Progress { done, total: Some(total), rows: done })?;
    let bytes = file.commit()?;
    let rows = vec![TableCount { table: table.name, rows: done }];
    Ok(Exported { path: target.display().to_string(), bytes, rows })
}

/// Flushes a writer; dropping it would ignore an error.
fn finish(writer: csv::Writer<BufWriter<File>>) -> std::io::Result<()> {
    let buffered = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    buffered.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok(())
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
