//! A copy of the database as a file of its own.

use std::path::Path;

use sqlx::SqliteConnection;

use super::{Exported, place};
use crate::{
    error::{Error, ErrorCode, Result},
    store::Store,
    work::{Progress, Work},
};

/// Copies the database to another file.
pub(crate) async fn export_sqlite(store: &Store, target: &Path, work: &Work) -> Result<Exported> {
    if std::fs::canonicalize(target).ok() == std::fs::canonicalize(store.path()).ok() {
        return Err(Error::new(ErrorCode::Invalid, "The copy can't replace the database it is made from.")
            .hint("Choose another name."));
    }
    let rows = store.counts().await?;
    let total = rows.iter().map(|count| count.rows).sum();
    work.tick(Progress { done: 0, total: None, rows: 0 })?;
    let mut database = store.pool().acquire().await?;
    let bytes = copy_database(&mut database, target).await?;
    work.tick(Progress { done: total, total: Some(total), rows: total })?;
    Ok(Exported { path: target.display().to_string(), bytes, rows })
}

/// Writes a copy of one moment, write-ahead log included, and returns its size in bytes.
pub(crate) async fn copy_database(database: &mut SqliteConnection, target: &Path) -> Result<u64> {
    let temporary = place::beside(target)?.into_temp_path();
    // `VACUUM INTO` takes an existing file only if it is empty, which this one is.
    sqlx::query("VACUUM INTO ?").bind(temporary.display().to_string()).execute(database).await.map_err(
        |error| Error { message: format!("Could not write {}: {error}", target.display()), ..error.into() },
    )?;
    place::put(temporary, target)
}
