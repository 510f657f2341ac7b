//! Copies of the database of one moment, write-ahead log included.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    path::Path,
    sync::PoisonError,
};

use platform::{AtomicFile, blocking};
use resources::TABLES;
use schema::{Error, Result, TableName};
use sqlx::{ConnectOptions, Connection as _, sqlite::SqliteConnectOptions};

use crate::{Store, sql, vacuum::vacuum};

impl Store {
    /// Writes the chosen tables as a database to a new file beside `target`, without deleted rows.
    /// The file is removed unless it is committed.
    pub async fn copy_for(&self, target: &Path, chosen: &[TableName]) -> Result<AtomicFile> {
        let mut database = self.pool().acquire().await?;
        let has_deleted: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM studio_deletions)")
            .fetch_one(&mut *database)
            .await?;
        if chosen.len() == TABLES.len() && !has_deleted {
            let copy = AtomicFile::new(target)?;
            return match self.copy_bytes(copy.handle()?).await? {
                true => Ok(copy),
                false => vacuum(&mut database, target).await,
            };
        }
        let whole = vacuum(&mut database, target).await?;
        let mut part =
            SqliteConnectOptions::new().filename(whole.path()).foreign_keys(false).connect().await?;
        for table in TABLES.iter().filter(|table| !chosen.contains(&table.name)) {
            for statement in sql::empty(table) {
                sql::statement(statement).execute(&mut part).await?;
            }
        }
        for statement in sql::deleted::forget_deletions("TRUE") {
            sql::statement(statement).execute(&mut part).await?;
        }
        // Again, so that nothing of the removed rows is left in free pages.
        let copy = vacuum(&mut part, target).await?;
        part.close().await?;
        Ok(copy)
    }

    /// Writes the database file's bytes as they are once the write-ahead log is folded in, while
    /// nobody can change it; false where readers keep that from being done at once.
    async fn copy_bytes(&self, mut target: File) -> Result<bool> {
        let writing = self.write().await?;
        let (busy, log, folded): (i64, i64, i64) =
            sqlx::query_as("PRAGMA main.wal_checkpoint(PASSIVE)").fetch_one(&self.pool).await?;
        let complete = busy == 0 && log == folded;
        if complete {
            let file = self.file;
            let path = self.path.clone();
            let mut copy = move || {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(0))?;
                io::copy(&mut *file, &mut target)?;
                // Without a log beside it, the copy opens on read-only media too: 1 means so
                // (<https://sqlite.org/fileformat2.html>, section 1.3.3).
                target.seek(SeekFrom::Start(18))?;
                target.write_all(&[1, 1])
            };
            blocking("copying the database", move || {
                copy().map_err(|error| Error::file("copy", &path, &error))
            })
            .await?;
        }
        writing.rollback().await?;
        Ok(complete)
    }
}
