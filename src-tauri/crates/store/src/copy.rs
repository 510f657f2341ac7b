//! Copies of the database of one moment, write-ahead log included.

use std::path::Path;

use platform::atomic_file;
use schema::{Error, Result};
use sqlx::SqliteConnection;

/// Writes a copy of one moment, write-ahead log included, and returns its size in bytes.
pub async fn copy_database(database: &mut SqliteConnection, target: &Path) -> Result<u64> {
    let temporary = atomic_file::beside(target)?.into_temp_path();
    vacuum_into(database, &temporary).await.map_err(|error| Error {
        message: format!("Could not write {}: {}", target.display(), error.message),
        ..error
    })?;
    atomic_file::put(temporary, target)
}

/// `VACUUM INTO` takes an existing file only if it is empty.
pub async fn vacuum_into(database: &mut SqliteConnection, target: &Path) -> Result<()> {
    sqlx::query("VACUUM INTO ?").bind(target.display().to_string()).execute(database).await?;
    Ok(())
}
