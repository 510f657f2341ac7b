//! What happens to a run that was taken from the queue: its start, a stop, its end.

use schema::{Error, ErrorCode, Result};
use sqlx::SqliteConnection;

use super::{
    run::{Run, RunState},
    stored::{ACTIVE, NOW, find},
};
use crate::Store;

impl Store {
    /// Notes that the worker of a run is there, and how the executor knows it.
    pub async fn note_started(&self, id: &str, handle: &str) -> Result<()> {
        self.change_runs(
            &format!(
                "UPDATE studio_runs SET state = iif(stop_asked_at IS NULL, 'running', 'stopping'), \
                 handle = ?2, started_at = {NOW} WHERE id = ?1 AND state = 'preparing'"
            ),
            &[id, handle],
        )
        .await
    }

    /// Asks a run to stop. One that waits is stopped at once.
    pub async fn ask_stop(&self, id: &str) -> Result<Run> {
        let mut tx = self.write().await?;
        let before = find(&mut tx, id).await?;
        if !before.state.is_live() {
            let message = format!("The run '{}' is over: {}.", before.name, before.state.into_str());
            return Err(Error::new(ErrorCode::Invalid, message).hint("There is nothing to stop."));
        }
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE studio_runs SET stop_asked_at = coalesce(stop_asked_at, {NOW}), \
             ended_at = iif(state = 'queued', {NOW}, NULL), \
             note = iif(state = 'queued', 'It was taken out of the queue before it began.', NULL), \
             state = CASE state WHEN 'queued' THEN 'stopped' WHEN 'running' THEN 'stopping' ELSE state END \
             WHERE id = ?"
        )))
        .bind(id)
        .execute(&mut *tx)
        .await?;
        let after = find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Notes how a run ended, unless that was done already.
    pub async fn note_ended(
        &self,
        id: &str,
        state: RunState,
        note: Option<&str>,
        hint: Option<&str>,
    ) -> Result<bool> {
        let mut tx = self.write().await?;
        let ended = end(&mut tx, id, state, note, hint).await?;
        tx.commit().await?;
        Ok(ended)
    }
}

/// Notes how a run ended; false if that was done already.
pub(super) async fn end(
    database: &mut SqliteConnection,
    id: &str,
    state: RunState,
    note: Option<&str>,
    hint: Option<&str>,
) -> Result<bool> {
    let ended = sqlx::query(sqlx::AssertSqlSafe(format!(
        "UPDATE studio_runs SET state = ?, note = ?, hint = ?, ended_at = {NOW} \
         WHERE id = ? AND state IN {ACTIVE}"
    )))
    .bind(state.into_str())
    .bind(note)
    .bind(hint)
    .bind(id)
    .execute(database)
    .await?;
    Ok(ended.rows_affected() == 1)
}
