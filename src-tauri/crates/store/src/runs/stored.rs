//! The rows of runs: lists of them, and one by its id.

use std::fmt;

use schema::{Error, ErrorCode, Result, TextEnum as _};
use sqlx::{Row as _, Sqlite, SqliteConnection, SqliteExecutor, sqlite::SqliteRow};

use super::run::{Run, RunState};
use crate::Store;

pub(crate) const LIVE: States = States(RunState::is_live);
pub(super) const ACTIVE: States = States(RunState::is_active);
pub(super) const UNSUCCESSFUL: States = States(RunState::is_unsuccessful);
/// The states for which a function is true, as a list in SQL.
pub(crate) struct States(fn(RunState) -> bool);

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

    /// The live runs, in the order of the queue.
    pub async fn live_runs(&self) -> Result<Vec<Run>> {
        select(&format!("WHERE state IN {LIVE} ORDER BY place"), self.pool()).await
    }

    /// The live runs, and those that ended at that time (UTC) or later.
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
}

pub(super) async fn find(database: &mut SqliteConnection, id: &str) -> Result<Run> {
    let row = sqlx::query("SELECT * FROM studio_runs WHERE id = ?").bind(id).fetch_optional(database).await?;
    row.as_ref().map(run).transpose()?.ok_or_else(|| {
        Error::new(ErrorCode::NotFound, format!("There is no run with the id '{id}' on this machine."))
            .hint("The list of runs has the ids of all runs on this machine.")
    })
}

/// The runs of a `WHERE` or `ORDER BY` clause.
pub(crate) async fn select(
    condition: &str,
    database: impl SqliteExecutor<'_, Database = Sqlite>,
) -> Result<Vec<Run>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT * FROM studio_runs {condition}")))
        .fetch_all(database)
        .await?;
    rows.iter().map(run).collect()
}

pub(super) fn run(row: &SqliteRow) -> Result<Run> {
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
        target: row.try_get("target")?,
        handle: row.try_get("handle")?,
    })
}
