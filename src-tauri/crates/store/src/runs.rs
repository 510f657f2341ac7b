//! The runs, and the only ways in which their state changes.

use std::{collections::HashMap, fmt};

use datasets::Scanner;
use resources::Described as _;
use schema::{Error, ErrorCode, Result, Row, TableName, TextEnum as _};
use serde_json::Value;
use sqlx::{Row as _, Sqlite, SqliteConnection, SqliteExecutor, sqlite::SqliteRow};

use super::{
    Rows, Store,
    read::{free_name, rows_where},
    references::id_list,
    setting::{set_setting, setting},
    write::add,
};
use crate::{QueueRule, Run, RunKind, RunState};

/// The name of the setting.
const QUEUE: &str = "queue";
const LIVE: States = States(RunState::is_live);
const ACTIVE: States = States(RunState::is_active);
const UNSUCCESSFUL: States = States(RunState::is_unsuccessful);
const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

/// The states for which a function is true, as a list in SQL.
struct States(fn(RunState) -> bool);

impl fmt::Display for States {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let states = RunState::ALL.iter().filter(|state| self.0(**state));
        let quoted: Vec<String> = states.map(|state| format!("'{}'", state.into_str())).collect();
        write!(f, "({})", quoted.join(", "))
    }
}

impl Store {
    /// All runs: those that are live in the order of the queue, then the others, the newest first.
    pub async fn runs(&self) -> Result<Vec<Run>> {
        let order = format!(
            "ORDER BY state NOT IN {LIVE}, CASE WHEN state IN {LIVE} THEN place END, \
             coalesce(ended_at, created_at) DESC"
        );
        select(&order, self.pool()).await
    }

    /// The runs that may still change by themselves, in the order of the queue.
    pub async fn live_runs(&self) -> Result<Vec<Run>> {
        select(&format!("WHERE state IN {LIVE} ORDER BY place"), self.pool()).await
    }

    /// The runs that are live, and those that ended at that time or later.
    pub async fn live_or_ended_since(&self, time: &str) -> Result<Vec<Run>> {
        let runs = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT * FROM studio_runs WHERE state IN {LIVE} OR ended_at >= ?"
        )))
        .bind(time)
        .fetch_all(self.pool())
        .await?;
        runs.iter().map(run).collect()
    }

    /// One run.
    pub async fn run(&self, id: &str) -> Result<Run> {
        let mut reading = self.pool().acquire().await?;
        find(&mut reading, id).await
    }

    /// The run of a job: of that fine-tuning job, or of the group of that evaluation job.
    pub async fn run_of_job(&self, job: &str) -> Result<Option<Run>> {
        let row = sqlx::query(
            "SELECT * FROM studio_runs WHERE id = ?1 \
             OR id = (SELECT parent_job_id FROM evaluation_jobs WHERE id = ?1)",
        )
        .bind(job)
        .fetch_optional(self.pool())
        .await?;
        row.as_ref().map(run).transpose()
    }

    /// The jobs of each run, as far as they are there.
    pub async fn jobs_of_runs(&self) -> Result<HashMap<String, Vec<String>>> {
        let jobs: Vec<(String, String)> = sqlx::query_as(
            "SELECT parent_job_id, id FROM (SELECT parent_job_id, id, rowid AS place FROM evaluation_jobs \
             UNION ALL SELECT id, id, rowid FROM fine_tuning_jobs) \
             WHERE parent_job_id IN (SELECT id FROM studio_runs) ORDER BY place",
        )
        .fetch_all(self.pool())
        .await?;
        let mut of_runs = HashMap::<String, Vec<String>>::new();
        for (run, job) in jobs {
            of_runs.entry(run).or_default().push(job);
        }
        Ok(of_runs)
    }

    /// How the queue goes on.
    pub async fn queue_rule(&self) -> Result<QueueRule> {
        setting(self.pool(), QUEUE).await
    }

    /// Sets how the queue goes on.
    pub async fn set_queue_rule(&self, rule: QueueRule) -> Result<()> {
        let rule = QueueRule { at_once: rule.at_once.max(1), ..rule };
        let mut tx = self.write().await?;
        set_setting(&mut tx, QUEUE, &rule).await?;
        Ok(tx.commit().await?)
    }

    /// Begins to prepare a waiting run, unless it no longer waits or enough others are at it.
    pub async fn begin_run(&self, id: &str) -> Result<bool> {
        let mut tx = self.write().await?;
        let QueueRule { paused, at_once } = setting(&mut *tx, QUEUE).await?;
        let begun = sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE studio_runs SET state = 'preparing', started_at = {NOW} WHERE id = ? AND state = 'queued' \
             AND (SELECT count(*) FROM studio_runs WHERE state IN {ACTIVE}) < ?"
        )))
        .bind(id)
        .bind(if paused { 0 } else { at_once })
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(begun.rows_affected() == 1)
    }

    /// Notes that the worker of a run is there, and how the executor knows it.
    pub async fn note_started(&self, id: &str, handle: &str) -> Result<()> {
        self.change(
            "UPDATE studio_runs SET state = iif(stop_asked_at IS NULL, 'running', 'stopping'), handle = ?2 \
             WHERE id = ?1 AND state = 'preparing'",
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

    /// Notes that a run did all it should, and registers the adapter that came out of it: both or
    /// neither, and only once.
    pub async fn succeed(&self, id: &str, note: Option<&str>, adapter: Option<Row>) -> Result<()> {
        let Some(mut adapter) = adapter else {
            return self.note_ended(id, RunState::Succeeded, note, None).await.map(drop);
        };
        let table = TableName::Adapters.table();
        let mut reading = self.pool().acquire().await?;
        let known = rows_where(&mut reading, table, "fine_tuning_job_id", id).await?;
        let (mut draft, mut renamed) = (None, None);
        if known.is_empty() {
            // Somebody may have taken the name while it trained.
            let wanted = adapter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            let name = free_name(&mut reading, table, &wanted).await?;
            if name != wanted {
                renamed = Some(format!("The name '{wanted}' was taken, so the adapter is called '{name}'."));
            }
            adapter.insert("name".to_owned(), name.into());
            draft = Some(self.prepare(table, None, adapter, &Scanner::unwatched()).await?);
        }
        drop(reading);
        let mut tx = self.write().await?;
        let note = [note.map(str::to_owned), renamed].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let note = Some(note.as_str()).filter(|note| !note.is_empty());
        if !end(&mut tx, id, RunState::Succeeded, note, None).await? {
            return Ok(());
        }
        let made = match draft {
            Some(draft) => add(draft, &mut tx).await?.row.row.get("id").cloned(),
            None => known.first().and_then(|row| row.get("id")).cloned(),
        };
        sqlx::query("UPDATE fine_tuning_jobs SET adapter_id = ? WHERE id = ?")
            .bind(made.as_ref().and_then(Value::as_str))
            .bind(id)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Puts a run back that was left while it was prepared.
    pub async fn requeue(&self, id: &str) -> Result<()> {
        self.change(
            "UPDATE studio_runs SET state = 'queued', started_at = NULL WHERE id = ?1 AND state = 'preparing'",
            &[id],
        )
        .await
    }

    /// Queues a run that is over once more, behind all others.
    pub async fn retry(&self, id: &str) -> Result<Run> {
        let mut tx = self.write().await?;
        let before = find(&mut tx, id).await?;
        if !before.state.is_unsuccessful() {
            let (message, hint) = match before.state {
                RunState::Succeeded => ("succeeded", "Start a new job to train once more."),
                _ => ("is not over", "Wait for its end, or stop it."),
            };
            return Err(
                Error::new(ErrorCode::Invalid, format!("The run '{}' {message}.", before.name)).hint(hint)
            );
        }
        let has_job: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM fine_tuning_jobs WHERE id = ?1) \
             OR EXISTS (SELECT 1 FROM evaluation_jobs WHERE parent_job_id = ?1)",
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
            "UPDATE studio_runs SET state = 'queued', attempt = attempt + (handle IS NOT NULL), \
             place = (SELECT max(place) + 1 FROM studio_runs), handle = NULL, note = NULL, hint = NULL, \
             started_at = NULL, stop_asked_at = NULL, ended_at = NULL WHERE id = ?",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        let after = find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Moves a waiting run before another one, or to the end of the queue.
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

    /// The runs that are over and whose jobs are gone for good.
    pub async fn orphaned_runs(&self) -> Result<Vec<Run>> {
        let orphaned = format!(
            "WHERE state NOT IN {LIVE} AND id NOT IN (SELECT id FROM fine_tuning_jobs) \
             AND id NOT IN (SELECT parent_job_id FROM evaluation_jobs WHERE parent_job_id IS NOT NULL) \
             AND id NOT IN (SELECT row_id FROM studio_deleted_rows) \
             AND id NOT IN (SELECT value FROM studio_deleted_values \
                            WHERE column_name = 'parent_job_id' AND value IS NOT NULL)"
        );
        select(&orphaned, self.pool()).await
    }

    /// Whether something in the database, or in what was deleted, lies in a folder.
    pub async fn is_place_of_adapter(&self, folder: &str) -> Result<bool> {
        let inside = "substr({}, 1, length(?1)) = ?1";
        let statement = format!(
            "SELECT EXISTS (SELECT 1 FROM adapters WHERE {}) OR EXISTS (SELECT 1 FROM \
             studio_deleted_values WHERE table_name = 'adapters' AND column_name = 'location' AND {})",
            inside.replace("{}", "location"),
            inside.replace("{}", "value"),
        );
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).bind(folder).fetch_one(self.pool()).await?)
    }

    /// Forgets a run.
    pub async fn forget_run(&self, id: &str) -> Result<()> {
        self.change("DELETE FROM studio_runs WHERE id = ?1", &[id]).await
    }

    async fn change(&self, statement: &str, values: &[&str]) -> Result<()> {
        let mut tx = self.write().await?;
        let mut query = sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()));
        for value in values {
            query = query.bind(*value);
        }
        query.execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }
}

/// Queues a new run behind all others.
pub(crate) async fn add_run(
    database: &mut SqliteConnection,
    id: &str,
    kind: RunKind,
    name: &str,
) -> Result<()> {
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "INSERT INTO studio_runs (id, kind, name, state, place, attempt, created_at) VALUES \
         (?, ?, ?, 'queued', (SELECT coalesce(max(place), 0) + 1 FROM studio_runs), 1, {NOW})"
    )))
    .bind(id)
    .bind(kind.into_str())
    .bind(name)
    .execute(database)
    .await?;
    Ok(())
}

/// Whether the job's run is over without success.
pub(super) async fn ended_without_adapter(database: &mut SqliteConnection, job: &str) -> Result<bool> {
    let over = format!("SELECT EXISTS (SELECT 1 FROM studio_runs WHERE id = ? AND state IN {UNSUCCESSFUL})");
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(over)).bind(job).fetch_one(database).await?)
}

/// Refuses to delete jobs whose runs are not over.
pub(super) async fn refuse_live(database: &mut SqliteConnection, rows: &Rows) -> Result<()> {
    let ids = |kind: RunKind| id_list(rows.get(&kind.table()).into_iter().flatten());
    let live: Option<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT name FROM studio_runs WHERE state IN {LIVE} \
         AND (id IN (SELECT value FROM json_each(?)) OR id IN (SELECT parent_job_id FROM evaluation_jobs \
              WHERE id IN (SELECT value FROM json_each(?)))) LIMIT 1"
    )))
    .bind(ids(RunKind::Training))
    .bind(ids(RunKind::Evaluation))
    .fetch_optional(database)
    .await?;
    live.map_or(Ok(()), |name| {
        Err(Error::new(ErrorCode::InUse, format!("The run '{name}' is not over."))
            .hint("Stop it first, then delete its job."))
    })
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

async fn find(database: &mut SqliteConnection, id: &str) -> Result<Run> {
    let row = sqlx::query("SELECT * FROM studio_runs WHERE id = ?").bind(id).fetch_optional(database).await?;
    row.as_ref().map(run).transpose()?.ok_or_else(|| {
        Error::new(ErrorCode::NotFound, format!("There is no run with the id '{id}' on this machine."))
            .hint("The list of runs has the ids of all runs on this machine.")
    })
}

/// The runs under a condition.
pub(super) async fn select(
    condition: &str,
    database: impl SqliteExecutor<'_, Database = Sqlite>,
) -> Result<Vec<Run>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT * FROM studio_runs {condition}")))
        .fetch_all(database)
        .await?;
    rows.iter().map(run).collect()
}

fn run(row: &SqliteRow) -> Result<Run> {
    let unknown = |text: String| Error::internal("reading a run", &text);
    let (kind, state): (String, String) = (row.try_get("kind")?, row.try_get("state")?);
    Ok(Run {
        id: row.try_get("id")?,
        kind: kind.parse().map_err(unknown)?,
        name: row.try_get("name")?,
        state: state.parse().map_err(unknown)?,
        place: row.try_get("place")?,
        attempt: row.try_get("attempt")?,
        note: row.try_get("note")?,
        hint: row.try_get("hint")?,
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        stop_asked_at: row.try_get("stop_asked_at")?,
        ended_at: row.try_get("ended_at")?,
        handle: row.try_get("handle")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_in_sql_are_those_of_the_states() {
        assert_eq!(LIVE.to_string(), "('queued', 'preparing', 'running', 'stopping')");
        assert_eq!(ACTIVE.to_string(), "('preparing', 'running', 'stopping')");
        assert_eq!(UNSUCCESSFUL.to_string(), "('failed', 'stopped', 'lost')");
    }
}
