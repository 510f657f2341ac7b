//! A copy of the database as a file of its own.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::Exported;
use crate::{
    error::{Error, ErrorCode, Result},
    place,
    resources::{TABLES, TableName},
    store::{Store, sql},
    work::{Progress, Work},
};

/// Copies the database to another file.
pub(crate) async fn export_sqlite(
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
        let (file, temporary) = place::beside(target)?.into_parts();
        match store.copy_bytes(file).await? {
            true => place::put(temporary, target)?,
            false => copy_database(&mut database, target).await?,
        }
    } else {
        let whole = place::beside(target)?.into_temp_path();
        vacuum_into(&mut database, &whole).await?;
        let mut part = SqliteConnectOptions::new().filename(&whole).foreign_keys(false).connect().await?;
        for table in TABLES.iter().filter(|table| !chosen.contains(&table.name)) {
            for statement in sql::empty(table) {
                sql::statement(statement).execute(&mut part).await?;
            }
        }
        for statement in sql::deleted::forget_deletions("TRUE") {
            sql::statement(statement).execute(&mut part).await?;
        }
        let bytes = copy_database(&mut part, target).await?;
        part.close().await?;
        bytes
    };
    work.tick(Progress { done: total, total: Some(total), rows: total })?;
    Ok(Exported { path: target.display().to_string(), bytes, rows })
}

/// Writes a copy of one moment, write-ahead log included, and returns its size in bytes.
pub(crate) async fn copy_database(database: &mut SqliteConnection, target: &Path) -> Result<u64> {
    let temporary = place::beside(target)?.into_temp_path();
    vacuum_into(database, &temporary).await.map_err(|error| Error {
        message: format!("Could not write {}: {}", target.display(), error.message),
        ..error
    })?;
    place::put(temporary, target)
}

/// `VACUUM INTO` takes an existing file only if it is empty.
async fn vacuum_into(database: &mut SqliteConnection, target: &Path) -> Result<()> {
    sqlx::query("VACUUM INTO ?").bind(target.display().to_string()).execute(database).await?;
    Ok(())
}
