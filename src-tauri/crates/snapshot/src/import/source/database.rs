//! A database as a source.

use std::path::Path;

use platform::{Progress, Work};
use schema::{Error, ErrorCode, Result};
use store::{SNAPSHOT_TABLES, SourceDatabase, StagedRows, Store, naming};
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;

use crate::import::intake::Intake;

pub(super) async fn read(
    store: &Store,
    path: &Path,
    batches: &mpsc::Sender<StagedRows>,
    work: &Work,
) -> Result<Intake> {
    let read = async {
        let mut database = store.open_source(path).await?;
        let mut reading = Reading { intake: Intake::new(), rows: 0, batches, work };
        let mut is_studio = false;
        for found in database.tables().await? {
            let known = SNAPSHOT_TABLES.iter().position(|table| table.name == found);
            if let Some(table) = known
                && reading.table(&mut database, table).await?
            {
                is_studio = true;
            } else {
                // Counting its rows would need a statement with a name from the file.
                reading.intake.foreign_table(&found, None);
            }
        }
        if !is_studio {
            let message =
                format!("{} is a database of another program, without a studio's tables.", path.display());
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint("Choose the database of a studio, or a snapshot."));
        }
        let last = reading.intake.flush(0);
        reading.send(last).await?;
        database.close().await?;
        work.tick(Progress { done: reading.rows, total: Some(reading.rows), rows: reading.rows })?;
        Ok(reading.intake)
    };
    read.await.map_err(|error: Error| match error.code {
        ErrorCode::Cancelled => error,
        _ => naming(path, error),
    })
}

struct Reading<'a> {
    intake: Intake,
    /// The number of rows that were sent.
    rows: u64,
    batches: &'a mpsc::Sender<StagedRows>,
    work: &'a Work,
}

impl Reading<'_> {
    /// Reads the table at an index of [`SNAPSHOT_TABLES`]. Returns false for a table of another program that
    /// has the same name: it has no column for the key.
    async fn table(&mut self, database: &mut SourceDatabase, at: usize) -> Result<bool> {
        let table = &SNAPSHOT_TABLES[at];
        let columns = match database.columns(table).await {
            Err(_) if table.may_lack() => return Ok(false),
            columns => columns?,
        };
        if !columns.has(table.columns[0].name) {
            return Ok(false);
        }
        let mut read = 0;
        let mut rows = database.rows(table, &columns);
        while let Some(row) = rows.next().await {
            read += 1;
            let batch = self.intake.row(at, row?);
            self.send(batch).await?;
        }
        drop(rows);
        // A connection that fails may look like the end of the table.
        let there = database.count(table).await?;
        if read == there {
            return Ok(true);
        }
        let message = format!("The table '{}' has {there} rows, but {read} could be read.", table.name);
        Err(Error::new(ErrorCode::Damaged, message).hint("Restore a copy of the file. Nothing was changed."))
    }

    async fn send(&mut self, batch: Option<StagedRows>) -> Result<()> {
        let Some(batch) = batch else { return Ok(()) };
        self.rows += batch.rows.len() as u64;
        self.work.tick(Progress { done: self.rows, total: None, rows: self.rows })?;
        // The channel closes if staging failed; its error is reported instead.
        self.batches.send(batch).await.map_err(|_| Error::cancelled())
    }
}
