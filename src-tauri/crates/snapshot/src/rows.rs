//! Chosen rows as a file: a snapshot of them alone, or their table for a spreadsheet.

use std::{fs::File, io::BufWriter, path::Path};

use platform::{Progress, Work, atomic_file};
use schema::{Error, ErrorCode, Result, Row, Table};
use serde_json::Value;
use sqlx::SqliteConnection;
use store::{Rows, Store, TableCount, closure, referred, rows_here, sql::Extent};
use tokio_stream::StreamExt as _;

use super::{
    Exported, RowsForm,
    json::{self, ROWS_A_TICK, exactly},
    staged::STAGES,
};

/// Writes the rows of one moment.
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
    let mut tx = store.pool().begin().await?;
    let mut rows = rows_here(&mut tx, table, ids).await?;
    match form {
        RowsForm::Csv => write_csv(&mut tx, target, table, &rows, work).await,
        RowsForm::Json { with_references } => {
            if with_references {
                rows = closure(&mut tx, &rows, referred).await?;
            }
            let total = rows.values().map(|ids| ids.len() as u64).sum();
            json::write(&mut tx, target, &Extent::Rows(&rows), total, work).await
        }
    }
}

async fn write_csv(
    database: &mut SqliteConnection,
    target: &Path,
    table: &'static Table,
    rows: &Rows,
    work: &Work,
) -> Result<Exported> {
    let failed = |error: csv::Error| Error::file("write", target, &error.into());
    let total = rows.values().map(|ids| ids.len() as u64).sum();
    let (file, path) = atomic_file::beside(target)?.into_parts();
    let mut writer = csv::Writer::from_writer(BufWriter::new(file));
    writer.write_record(table.columns.iter().map(|column| column.name)).map_err(failed)?;
    let mut done = 0;
    let stages = STAGES.iter().filter(|stage| stage.table().is_some_and(|of| of.name == table.name));
    for stage in stages {
        let mut read = Extent::Rows(rows).read(stage).fetch(&mut *database);
        while let Some(row) = read.next().await {
            if done % ROWS_A_TICK == 0 {
                work.tick(Progress { done, total: Some(total), rows: done })?;
            }
            let row: Row = serde_json::from_str(&exactly(&row?)?)
                .map_err(|error| Error::internal("reading a row", &error))?;
            writer.write_record(table.columns.iter().map(|c| cell(row.get(c.name)))).map_err(failed)?;
            done += 1;
        }
    }
    finish(writer).map_err(|error| Error::file("write", target, &error))?;
    work.tick(Progress { done, total: Some(total), rows: done })?;
    let bytes = atomic_file::put(path, target)?;
    let rows = vec![TableCount { table: table.name, rows: done }];
    Ok(Exported { path: target.display().to_string(), bytes, rows })
}

/// A dropped writer would keep to itself what could not be written.
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
