//! Copies of the database of one moment, write-ahead log included.

use std::path::Path;

use platform::atomic_file;
use resources::TABLES;
use schema::{Error, Result, TableName};
use sqlx::{ConnectOptions, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempPath;

use crate::{Store, sql};

impl Store {
    /// Writes the chosen tables as a database to a new file beside `target`, without deleted rows.
    /// The file is gone again unless it is put into place.
    pub async fn copy_beside(&self, target: &Path, chosen: &[TableName]) -> Result<TempPath> {
        let mut database = self.pool().acquire().await?;
        let has_deleted: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM studio_deletions)")
            .fetch_one(&mut *database)
            .await?;
        if chosen.len() == TABLES.len() && !has_deleted {
            let (file, copy) = atomic_file::beside(target)?.into_parts();
            return match self.copy_bytes(file).await? {
                true => Ok(copy),
                false => vacuum_beside(&mut database, target).await,
            };
        }
        let whole = vacuum_beside(&mut database, target).await?;
        let mut part = SqliteConnectOptions::new().filename(&whole).foreign_keys(false).connect().await?;
        for table in TABLES.iter().filter(|table| !chosen.contains(&table.name)) {
            for statement in sql::empty(table) {
                sql::statement(statement).execute(&mut part).await?;
            }
        }
        for statement in sql::deleted::forget_deletions("TRUE") {
            sql::statement(statement).execute(&mut part).await?;
        }
        // Again, so that nothing of the removed rows is left in free pages.
        let copy = vacuum_beside(&mut part, target).await?;
        part.close().await?;
        Ok(copy)
    }
}

/// Writes a copy and returns its size in bytes.
pub(super) async fn copy_database(database: &mut SqliteConnection, target: &Path) -> Result<u64> {
    atomic_file::put(vacuum_beside(database, target).await?, target)
}

async fn vacuum_beside(database: &mut SqliteConnection, target: &Path) -> Result<TempPath> {
    // `VACUUM INTO` takes an existing file only if it is empty.
    let copy = atomic_file::beside(target)?.into_temp_path();
    let vacuum = sqlx::query("VACUUM INTO ?").bind(copy.display().to_string());
    vacuum.execute(database).await.map_err(|error| {
        let error = Error::from(error);
        Error { message: format!("Could not write {}: {}", target.display(), error.message), ..error }
    })?;
    Ok(copy)
}
