//! The queue: when runs start, and in which order.

use schema::{Error, ErrorCode, Result};
use sqlx::SqliteConnection;

use super::{
    run::{QueueRule, Run, RunKind, RunState},
    stored::{ACTIVE, find},
};
use crate::{Store, setting::setting, sql::NOW};

/// The name of the setting.
const QUEUE: &str = "queue";

/// Selects the targets that queue runs themselves.
const CLUSTERS: &str =
    "SELECT id FROM studio_targets WHERE json_extract(settings, '$.kind') IN ('slurm', 'cloudera')";

impl Store {
    /// The rule by which queued runs are started.
    pub async fn queue_rule(&self) -> Result<QueueRule> {
        setting(self.pool(), QUEUE).await
    }

    /// Sets the rule by which queued runs are started.
    pub async fn set_queue_rule(&self, rule: QueueRule) -> Result<()> {
        let rule = QueueRule { at_once: rule.at_once.max(1), ..rule };
        self.set_setting(QUEUE, &rule).await
    }

    /// Moves a queued run to the state `Preparing`. Returns false if it is not queued or the rule of the
    /// queue does not allow another active run at its place.
    pub async fn begin_run(&self, id: &str) -> Result<bool> {
        let mut tx = self.write().await?;
        let QueueRule { paused, at_once } = setting(&mut *tx, QUEUE).await?;
        let begun = sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE studio_runs SET state = 'preparing', started_at = {NOW} WHERE id = ?1 AND state = 'queued' \
             AND NOT ?2 AND (target IN ({CLUSTERS}) \
                 OR (SELECT count(*) FROM studio_runs AS other \
                     WHERE other.target IS studio_runs.target AND state IN {ACTIVE}) < ?3)"
        )))
        .bind(id)
        .bind(paused)
        .bind(at_once)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(begun.rows_affected() == 1)
    }

    /// The ids of the targets that queue runs themselves.
    pub async fn clusters(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(CLUSTERS).fetch_all(self.pool()).await?)
    }

    /// Queues a run again whose preparation was interrupted.
    pub async fn requeue(&self, id: &str) -> Result<()> {
        let again = sqlx::query(
            "UPDATE studio_runs SET state = 'queued', started_at = NULL WHERE id = ?1 AND state = 'preparing'",
        );
        self.execute(again.bind(id)).await.map(drop)
    }

    /// Queues a run that ended without success again, after all others. `begun` is the last attempt whose worker
    /// began, 0 for none: a cluster that starts a worker again counts further. It goes on at that target.
    pub async fn retry(&self, id: &str, begun: u32, target: Option<&str>) -> Result<Run> {
        let mut tx = self.write().await?;
        let before = find(&mut tx, id).await?;
        if !before.state.is_unsuccessful() {
            let (message, hint) = match before.state {
                RunState::Succeeded if before.kind == RunKind::Export => {
                    ("succeeded", "Start a new export to write once more.")
                }
                RunState::Succeeded => ("succeeded", "Start a new job to train once more."),
                _ => ("is not over", "Wait for its end, or stop it."),
            };
            return Err(
                Error::new(ErrorCode::Invalid, format!("The run '{}' {message}.", before.name)).hint(hint)
            );
        }
        let has_job: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM fine_tuning_jobs WHERE id = ?1) \
             OR EXISTS (SELECT 1 FROM evaluation_jobs WHERE parent_job_id = ?1) \
             OR EXISTS (SELECT 1 FROM studio_exports WHERE run_id = ?1)",
        )
        .bind(id)
        .fetch_one(&mut *tx)
        .await?;
        if !has_job {
            let message = format!("The job of the run '{}' was deleted.", before.name);
            return Err(
                Error::new(ErrorCode::NotFound, message).hint("Bring it back first, or start a new one.")
            );
        }
        sqlx::query(
            "UPDATE studio_runs SET state = 'queued', attempt = max(attempt + (handle IS NOT NULL), ?2 + 1), \
             place = (SELECT max(place) + 1 FROM studio_runs), handle = NULL, note = NULL, hint = NULL, \
             started_at = NULL, stop_asked_at = NULL, ended_at = NULL, target = ?3 WHERE id = ?1",
        )
        .bind(id)
        .bind(begun)
        .bind(target)
        .execute(&mut *tx)
        .await?;
        let after = find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Moves a queued run before another one, or to the end of the queue.
    pub async fn move_run(&self, id: &str, before: Option<&str>) -> Result<()> {
        let mut tx = self.write().await?;
        let mut waiting: Vec<String> =
            sqlx::query_scalar("SELECT id FROM studio_runs WHERE state = 'queued' ORDER BY place")
                .fetch_all(&mut *tx)
                .await?;
        let Some(at) = waiting.iter().position(|waiting| waiting == id) else {
            let run = find(&mut tx, id).await?;
            return Err(Error::new(ErrorCode::Invalid, format!("The run '{}' no longer waits.", run.name))
                .hint("Only runs that wait can be moved."));
        };
        let moved = waiting.remove(at);
        let to = before.and_then(|before| waiting.iter().position(|waiting| waiting == before));
        waiting.insert(to.unwrap_or(waiting.len()), moved);
        let first: i64 =
            sqlx::query_scalar("SELECT max(place) + 1 FROM studio_runs").fetch_one(&mut *tx).await?;
        for (place, id) in (first..).zip(&waiting) {
            sqlx::query("UPDATE studio_runs SET place = ? WHERE id = ?")
                .bind(place)
                .bind(id)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Adds a new run at the end of the queue.
pub(crate) async fn add_run(
    database: &mut SqliteConnection,
    id: &str,
    kind: RunKind,
    name: &str,
    target: Option<&str>,
) -> Result<()> {
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "INSERT INTO studio_runs (id, kind, name, state, place, attempt, created_at, target) VALUES \
         (?, ?, ?, 'queued', (SELECT coalesce(max(place), 0) + 1 FROM studio_runs), 1, {NOW}, ?)"
    )))
    .bind(id)
    .bind(kind.into_str())
    .bind(name)
    .bind(target)
    .execute(database)
    .await?;
    Ok(())
}
