//! The last reading of each dataset's file, by which a change of the file is noticed.

use datasets::{Index, Reading, Stamp};
use schema::{Error, Result};
use sqlx::{Row as _, SqliteConnection, SqliteExecutor, sqlite::SqliteRow};

use crate::{Store, read_options};

impl Store {
    /// The last reading of a dataset's file.
    pub async fn last_reading(&self, dataset: &str) -> Result<Option<Reading>> {
        let row = sqlx::query("SELECT * FROM studio_dataset_files WHERE dataset_id = ?")
            .bind(dataset)
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(reading).transpose()
    }

    /// Stores a reading as the last one of a dataset's file.
    pub async fn keep_reading(&self, dataset: &str, reading: &Reading) -> Result<()> {
        let mut tx = self.write().await?;
        keep(&mut tx, dataset, reading).await?;
        Ok(tx.commit().await?)
    }
}

/// Stores a reading as the last one of a dataset's file, and how it was read as how it is read from now on.
pub(super) async fn keep(database: &mut SqliteConnection, dataset: &str, reading: &Reading) -> Result<()> {
    sqlx::query(
        "INSERT OR REPLACE INTO studio_dataset_files \
         (dataset_id, path, bytes, modified, hash, rows, offsets, options) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(dataset)
    .bind(&reading.path)
    .bind(signed(reading.stamp.bytes)?)
    .bind(reading.stamp.modified)
    .bind(&reading.hash)
    .bind(signed(reading.rows)?)
    .bind(reading.index.as_ref().map(Index::encode).transpose()?)
    .bind(read_options::to_json(&reading.options)?)
    .execute(&mut *database)
    .await?;
    read_options::keep(database, dataset, &reading.options).await
}

/// Stores the reading of a row's file, if it was read just now.
pub(super) async fn keep_new(
    database: &mut SqliteConnection,
    dataset: &str,
    reading: Option<&Reading>,
) -> Result<()> {
    match reading {
        Some(reading) => keep(database, dataset, reading).await,
        None => Ok(()),
    }
}

/// The readings whose path is still the location of their dataset, with the ids of the datasets.
pub(super) async fn all(database: impl SqliteExecutor<'_>) -> Result<Vec<(String, Reading)>> {
    let rows = sqlx::query(
        "SELECT f.dataset_id AS dataset, f.* FROM studio_dataset_files AS f \
         JOIN datasets AS d ON d.id = f.dataset_id AND d.location = f.path ORDER BY d.rowid",
    )
    .fetch_all(database)
    .await?;
    rows.iter().map(|row| Ok((row.try_get("dataset")?, reading(row)?))).collect()
}

fn reading(row: &SqliteRow) -> Result<Reading> {
    let (bytes, rows): (i64, i64) = (row.try_get("bytes")?, row.try_get("rows")?);
    let offsets: Option<&[u8]> = row.try_get("offsets")?;
    let options: &str = row.try_get("options")?;
    Ok(Reading {
        path: row.try_get("path")?,
        options: serde_json::from_str(options).unwrap_or_default(),
        stamp: Stamp { bytes: bytes.unsigned_abs(), modified: row.try_get("modified")? },
        hash: row.try_get("hash")?,
        rows: rows.unsigned_abs(),
        index: offsets.and_then(Index::decode),
    })
}

fn signed(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(|error| Error::internal("storing what was read", &error))
}
