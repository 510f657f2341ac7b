//! A database as a source.

use std::path::Path;

use platform::{Progress, Work};
use schema::{Error, ErrorCode, Result};
use store::{SNAPSHOT_TABLES, SourceDatabase, StagedRows, naming};
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;

use crate::import::intake::Intake;

pub(super) async fn read(path: &Path, batches: &mpsc::Sender<StagedRows>, work: &Work) -> Result<Intake> {
    read_tables(path, batches, work).await.map_err(|error| match error.code {
        ErrorCode::Cancelled => error,
        _ => naming(path, error),
    })
}

async fn read_tables(path: &Path, batches: &mpsc::Sender<StagedRows>, work: &Work) -> Result<Intake> {
    let mut database = SourceDatabase::open(path).await?;
    let mut intake = Intake::new();
    let mut rows = 0;
    for found in database.tables().await? {
        let Some(at) = SNAPSHOT_TABLES.iter().position(|table| table.name == found.name) else {
            // Counting its rows would need a statement with a name from the file.
            intake.foreign_table(&found.name, None);
            continue;
        };
        if !found.plain {
            return Err(Error::new(
                ErrorCode::Invalid,
                format!("{}: '{}' is not a plain table, so it is not read.", path.display(), found.name),
            )
            .hint("Export the rows with the program that made the file, then import that."));
        }
        let mut read = database.rows(&SNAPSHOT_TABLES[at]);
        while let Some(row) = read.next().await {
            if let Some(batch) = intake.row(at, row?) {
                rows += batch.rows.len() as u64;
                work.tick(Progress { done: rows, total: None, rows })?;
                send(batches, batch).await?;
            }
        }
    }
    if let Some(batch) = intake.flush(0) {
        send(batches, batch).await?;
    }
    work.tick(Progress { done: rows, total: Some(rows), rows })?;
    database.close().await?;
    Ok(intake)
}

async fn send(batches: &mpsc::Sender<StagedRows>, batch: StagedRows) -> Result<()> {
    // The channel closes if staging failed; its error is reported instead.
    batches.send(batch).await.map_err(|_| Error::cancelled())
}
