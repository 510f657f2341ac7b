//! Changes of the state of a run after it left the queue.

use schema::{Error, ErrorCode, Result};
use sqlx::SqliteConnection;

use super::{
    run::{Run, RunState},
    stored::{ACTIVE, find},
};
use crate::{Store, sql::NOW};

impl Store {
    /// Records that the worker of a run was started, and the executor's handle of it.
    pub async fn note_started(&self, id: &str, handle: &str) -> Result<()> {
        let note = sqlx::query(
            "UPDATE studio_runs SET state = iif(stop_asked_at IS NULL, 'running', 'stopping'), handle = ?2 \
             WHERE id = ?1 AND state IN ('preparing', 'waiting')",
        );
        self.execute(note.bind(id).bind(handle)).await.map(drop)
    }

    /// Records that a run is in the queue of a cluster, for the first time or again, and the executor's handle of it.
    pub async fn note_waiting(&self, id: &str, handle: &str) -> Result<()> {
        let note = sqlx::query(
            "UPDATE studio_runs SET state = iif(stop_asked_at IS NULL, 'waiting', 'stopping'), handle = ?2 \
             WHERE id = ?1 AND state IN ('preparing', 'running')",
        );
        self.execute(note.bind(id).bind(handle)).await.map(drop)
    }

    /// Records in the rows of a run the job of a workbench that carries it out.
    pub async fn note_job_there(&self, id: &str, job: &str) -> Result<()> {
        for rows in [
            "fine_tuning_jobs SET cml_job_id = ?2 WHERE id",
            "evaluation_jobs SET cml_job_id = ?2 WHERE parent_job_id",
        ] {
            let note = format!("UPDATE {rows} = ?1 AND cml_job_id IS NOT ?2");
            self.execute(sqlx::query(sqlx::AssertSqlSafe(note)).bind(id).bind(job)).await?;
        }
        Ok(())
    }

    /// Requests the stop of a run. A queued run is stopped at once.
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
             state = CASE WHEN state = 'queued' THEN 'stopped' \
             WHEN state IN ('waiting', 'running') THEN 'stopping' ELSE state END \
             WHERE id = ?"
        )))
        .bind(id)
        .execute(&mut *tx)
        .await?;
        let after = find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Records the end of a run. Returns false if its end was recorded before.
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

/// Records the end of a run. Returns false if its end was recorded before.
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
