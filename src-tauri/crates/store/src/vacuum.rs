//! Copies of a database by `VACUUM INTO`.

use std::path::Path;

use platform::AtomicFile;
use schema::{Error, Result};
use sqlx::SqliteConnection;

/// Writes a copy and returns its size in bytes.
pub(crate) async fn copy_database(database: &mut SqliteConnection, target: &Path) -> Result<u64> {
    vacuum(database, target).await?.commit()
}

/// Writes a copy to an unfinished file of the folder of `target`.
pub(crate) async fn vacuum(database: &mut SqliteConnection, target: &Path) -> Result<AtomicFile> {
    // `VACUUM INTO` takes an existing file only if it is empty.
    let copy = AtomicFile::new(target)?;
    let vacuum = sqlx::query("VACUUM INTO ?").bind(copy.path().display().to_string());
    vacuum.execute(database).await.map_err(|error| {
        let error = Error::from(error);
        Error { message: format!("Could not write {}: {}", target.display(), error.message), ..error }
    })?;
    Ok(copy)
}
