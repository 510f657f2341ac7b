//! What the program that carries out a transfer records.

use schema::{Error, Result};
use serde_json::Value;

use super::transfer::{TransferProgress, TransferRule};
use crate::{Store, setting::setting, sql::NOW};

impl Store {
    /// Moves a queued transfer to the state `Running` if the rule allows another one. A running one, whose program
    /// has ended, goes on. Returns false if it is neither or there is no room.
    pub async fn begin_transfer(&self, id: &str) -> Result<bool> {
        let mut tx = self.write().await?;
        let TransferRule { at_once } = setting(&mut *tx, "transfers").await?;
        let begun = sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE studio_transfers SET state = 'running', started_at = {NOW}, message = NULL \
             WHERE id = ?1 AND (state = 'running' OR state = 'queued' AND \
             (SELECT count(*) FROM studio_transfers WHERE state = 'running') < ?2)"
        )))
        .bind(id)
        .bind(at_once)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(begun.rows_affected() == 1)
    }

    /// Queues a running transfer again whose program ends.
    pub async fn release_transfer(&self, id: &str) -> Result<()> {
        let statement = "UPDATE studio_transfers SET state = 'queued' WHERE id = ? AND state = 'running'";
        self.execute(sqlx::query(statement).bind(id)).await.map(drop)
    }

    /// Records the progress of a transfer. `waiting` is why no bytes come at the moment.
    pub async fn note_transferred(
        &self,
        id: &str,
        progress: &TransferProgress,
        waiting: Option<&str>,
    ) -> Result<()> {
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let note = sqlx::query(
            "UPDATE studio_transfers SET commit_hash = ?2, bytes_done = ?3, bytes_total = ?4, files_done = ?5, \
             files_total = ?6, rate_bytes = ?7, rate_from = ?8, progress_at = ?9, \
             message = iif(state = 'running', ?10, message) WHERE id = ?1 AND state <> 'cancelled'",
        )
        .bind(id)
        .bind(progress.commit.as_deref())
        .bind(number(progress.bytes))
        .bind(progress.total.map(number))
        .bind(number(progress.files))
        .bind(progress.of_files.map(number))
        .bind(progress.rate_bytes.map(number))
        .bind(progress.rate_from.as_deref())
        .bind(progress.at.as_deref())
        .bind(waiting);
        self.execute(note).await.map(drop)
    }

    /// Records that everything is in the local cache. `fetched` says what, as JSON text.
    pub async fn note_fetched(&self, id: &str, fetched: &str) -> Result<()> {
        let note = sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE studio_transfers SET state = 'done', fetched = ?, code = NULL, message = NULL, hint = NULL, \
             discards = 0, ended_at = {NOW} WHERE id = ?"
        )))
        .bind(fetched)
        .bind(id);
        self.execute(note).await.map(drop)
    }

    /// Records that a running transfer failed.
    pub async fn note_transfer_failed(&self, id: &str, error: &Error) -> Result<()> {
        let code = serde_json::to_value(error.code).ok();
        let note = sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE studio_transfers SET state = 'failed', code = ?, message = ?, hint = ?, ended_at = {NOW} \
             WHERE id = ? AND state = 'running'"
        )))
        .bind(code.as_ref().and_then(Value::as_str))
        .bind(&error.message)
        .bind(error.hint.as_deref())
        .bind(id);
        self.execute(note).await.map(drop)
    }

    /// Records that a cancelled transfer has no partial files left.
    pub async fn note_discarded(&self, id: &str) -> Result<()> {
        let statement = "UPDATE studio_transfers SET discards = 0, bytes_done = 0, files_done = 0 \
                         WHERE id = ? AND state = 'cancelled'";
        self.execute(sqlx::query(statement).bind(id)).await.map(drop)
    }
}
