//! Restoring a backup.

use std::path::PathBuf;

use platform::{Progress, UNFINISHED_PREFIX, UNFINISHED_SUFFIX, Work};
use schema::{Error, Result};
use sqlx::Connection as _;

use super::backup::{Backup, BackupReason, folder, verify};
use crate::{Store, probe::naming, rows::counts, sql, staging::SNAPSHOT_TABLES};

impl Store {
    /// Replaces the rows of the store by those of a backup in one transaction, and returns a backup of
    /// the state before. Other programs that have the database open see either state. Progress is in
    /// rows. When it is stopped, nothing is changed.
    pub async fn restore(&self, id: &str, work: &Work) -> Result<Backup> {
        work.tick(Progress { done: 0, total: None, rows: 0 })?;
        let backup = PathBuf::from(self.backup(id)?.path);
        verify(&backup).await.map_err(|error| naming(&backup, error))?;
        // The migrations change a copy, not the backup.
        let folder = tempfile::Builder::new()
            .prefix(UNFINISHED_PREFIX)
            .suffix(UNFINISHED_SUFFIX)
            .tempdir_in(folder(self.path()))
            .map_err(|error| Error::file("write", self.path(), &error))?;
        let copy = folder.path().join("restored.sqlite");
        std::fs::copy(&backup, &copy).map_err(|error| Error::file("copy", &backup, &error))?;
        let restored = Self::open_unguarded(&copy).await?;
        let total =
            counts(&mut *restored.pool().acquire().await?).await?.iter().map(|count| count.rows).sum();
        restored.close().await;

        let mut database = self.outside_connection().await?;
        sqlx::query("ATTACH ? AS restored").bind(copy.display().to_string()).execute(&mut database).await?;
        let mut tx = database.begin_with("BEGIN IMMEDIATE").await?;
        // The write lock is held and nothing is changed yet: this is exactly what was there.
        let before = self.back_up(BackupReason::Restore).await?;
        let mut done = 0;
        for table in SNAPSHOT_TABLES.iter() {
            work.tick(Progress { done, total: Some(total), rows: done })?;
            let [delete, insert] = table.restore();
            sql::statement(delete).execute(&mut *tx).await?;
            let inserted = sql::statement(insert).execute(&mut *tx).await?.rows_affected();
            done += table.resource().map_or(0, |_| inserted);
        }
        // Without its notes, an index of words is rebuilt, which takes less time than an update for
        // every row.
        sqlx::query("DELETE FROM main.studio_search_notes").execute(&mut *tx).await?;
        // The last point at which the restore can be stopped.
        work.tick(Progress { done: total, total: Some(total), rows: total })?;
        tx.commit().await?;
        database.close().await?;
        Ok(before)
    }
}
