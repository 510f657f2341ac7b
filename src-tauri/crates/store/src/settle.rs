//! A private copy of another program's database, made ready to be read.

use std::path::Path;

use schema::{Error, ErrorCode, Result};
use sqlx::{ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};

use crate::reading::PATIENCE;

/// Rolls back what a program left unfinished in a copy of a database, writes its log into it, and checks it whole. The
/// copy is one file afterwards.
///
/// # Errors
/// The copy is damaged, or no database.
pub async fn settle_copy(copy: &Path) -> Result<()> {
    let options = SqliteConnectOptions::new()
        .filename(copy)
        .busy_timeout(PATIENCE)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON");
    let mut database = options.connect().await?;
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut database).await?;
    if found != "ok" {
        tracing::info!("the copy {}: {found}", copy.display());
        return Err(Error::new(ErrorCode::Damaged, "The database is damaged."));
    }
    sqlx::query("PRAGMA journal_mode = DELETE").fetch_optional(&mut database).await?;
    Ok(database.close().await?)
}
