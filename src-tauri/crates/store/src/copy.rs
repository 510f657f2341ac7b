//! Copies of the database, with the content of the write-ahead log.

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
    /// Writes a database with the chosen tables, with or without the metadata of their rows, and without
    /// the trash, to an unfinished file in the folder of `target`. The file is removed unless it is
    /// committed.
    pub async fn copy_for(
        &self,
        target: &Path,
        chosen: &[TableName],
        with_metadata: bool,
    ) -> Result<AtomicFile> {
        let mut database = self.pool().acquire().await?;
        let has_deleted: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM studio_deletions)")
            .fetch_one(&mut *database)
            .await?;
        if chosen.len() == TABLES.len() && with_metadata && !has_deleted {
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
            sql::execute_all(&mut part, sql::empty(table)).await?;
        }
        if chosen.len() < TABLES.len() {
            sqlx::query("DELETE FROM studio_targets").execute(&mut part).await?;
        }
        if !with_metadata {
            sql::execute_all(&mut part, sql::forget_metadata()).await?;
        }
        sql::execute_all(&mut part, sql::deleted::forget_deletions("TRUE")).await?;
        // A second time, so that free pages contain nothing of the removed rows.
        let copy = vacuum(&mut part, target).await?;
        part.close().await?;
        Ok(copy)
    }

    /// Checkpoints the write-ahead log and copies the bytes of the file, under the write lock. Returns
    /// false if readers prevent a complete checkpoint.
    async fn copy_bytes(&self, mut target: File) -> Result<bool> {
        let writing = self.write().await?;
        let (busy, log, checkpointed): (i64, i64, i64) =
            sqlx::query_as("PRAGMA main.wal_checkpoint(PASSIVE)").fetch_one(&self.pool).await?;
        let complete = busy == 0 && log == checkpointed;
        if complete {
            let file = self.file;
            let path = self.path.clone();
            let mut copy = move || {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(0))?;
                io::copy(&mut *file, &mut target)?;
                // The value 1 turns WAL mode off, so that the copy opens on read-only media too
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
