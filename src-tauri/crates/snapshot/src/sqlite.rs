//! A copy of the database as a file of its own.

use std::path::Path;

use platform::{Progress, Work, atomic_file};
use resources::TABLES;
use schema::{Error, ErrorCode, Result, TableName};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use store::{Store, sql};

use super::Exported;

/// Copies the database to another file.
pub async fn export_sqlite(
    store: &Store,
    target: &Path,
    chosen: &[TableName],
    work: &Work,
) -> Result<Exported> {
    if std::fs::canonicalize(target).ok() == std::fs::canonicalize(store.path()).ok() {
        return Err(Error::new(ErrorCode::Invalid, "The copy can't replace the database it is made from.")
            .hint("Choose another name."));
    }
    let mut rows = store.counts().await?;
    rows.retain(|count| chosen.contains(&count.table));
    let total = rows.iter().map(|count| count.rows).sum();
    work.tick(Progress { done: 0, total: None, rows: 0 })?;
    let mut database = store.pool().acquire().await?;
    // What was deleted is nobody's business elsewhere.
    let keeps_deleted: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM studio_deletions)")
        .fetch_one(&mut *database)
        .await?;
    let bytes = if chosen.len() == TABLES.len() && !keeps_deleted {
        let (file, temporary) = atomic_file::beside(target)?.into_parts();
        match store.copy_bytes(file).await? {
            true => atomic_file::put(temporary, target)?,
            false => store::copy_database(&mut database, target).await?,
        }
    } else {
        let whole = atomic_file::beside(target)?.into_temp_path();
        store::vacuum_into(&mut database, &whole).await?;
        let mut part = SqliteConnectOptions::new().filename(&whole).foreign_keys(false).connect().await?;
        for table in TABLES.iter().filter(|table| !chosen.contains(&table.name)) {
            for statement in sql::empty(table) {
                sql::statement(statement).execute(&mut part).await?;
            }
        }
        for statement in sql::deleted::forget_deletions("TRUE") {
            sql::statement(statement).execute(&mut part).await?;
        }
        let bytes = store::copy_database(&mut part, target).await?;
        part.close().await?;
        bytes
    };
    work.tick(Progress { done: total, total: Some(total), rows: total })?;
    Ok(Exported { path: target.display().to_string(), bytes, rows })
}
