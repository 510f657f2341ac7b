//! The jobs of runs.

use resources::Adapter;
use std::collections::HashMap;

use schema::{Error, ErrorCode, Result, column};
use sqlx::SqliteConnection;

use super::{
    run::{Run, RunKind},
    stored::{LIVE, UNSUCCESSFUL, run, select},
};
use crate::{Store, reach::Rows, references::id_list};

impl Store {
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

    /// The ids of the existing jobs of each run.
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

    /// The ended runs whose jobs exist neither in their table nor in the trash. Exports, which have no job,
    /// are none of them.
    pub async fn orphaned_runs(&self) -> Result<Vec<Run>> {
        let orphaned = format!(
            "WHERE state NOT IN {LIVE} AND kind != '{}' AND id NOT IN (SELECT id FROM fine_tuning_jobs) \
             AND id NOT IN (SELECT parent_job_id FROM evaluation_jobs WHERE parent_job_id IS NOT NULL) \
             AND id NOT IN (SELECT row_id FROM studio_deleted_rows) \
             AND id NOT IN (SELECT value FROM studio_deleted_values \
                            WHERE column_name = 'parent_job_id' AND value IS NOT NULL)",
            RunKind::Export.into_str()
        );
        select(&orphaned, self.pool()).await
    }

    /// Whether the location of an adapter, also of a deleted one, begins with a folder.
    pub async fn is_place_of_adapter(&self, folder: &str) -> Result<bool> {
        let inside = "substr({}, 1, length(?1)) = ?1";
        let statement = format!(
            "SELECT EXISTS (SELECT 1 FROM adapters WHERE {}) OR EXISTS (SELECT 1 FROM \
             studio_deleted_values WHERE table_name = 'adapters' AND column_name = 'location' AND {})",
            inside.replace("{}", column!(Adapter, location)),
            inside.replace("{}", "value"),
        );
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).bind(folder).fetch_one(self.pool()).await?)
    }

    /// Deletes the row of a run.
    pub async fn forget_run(&self, id: &str) -> Result<()> {
        self.execute(sqlx::query("DELETE FROM studio_runs WHERE id = ?").bind(id)).await.map(drop)
    }
}

/// Whether the run of the job ended without success.
pub(crate) async fn ended_without_adapter(database: &mut SqliteConnection, job: &str) -> Result<bool> {
    let over = format!("SELECT EXISTS (SELECT 1 FROM studio_runs WHERE id = ? AND state IN {UNSUCCESSFUL})");
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(over)).bind(job).fetch_one(database).await?)
}

/// Refuses to delete jobs whose runs are not over.
pub(crate) async fn refuse_live(database: &mut SqliteConnection, rows: &Rows) -> Result<()> {
    let ids = |kind: RunKind| id_list(kind.table().and_then(|table| rows.get(&table)).into_iter().flatten());
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
