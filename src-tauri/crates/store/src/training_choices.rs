//! What a person chose for a training beyond the columns of its job.

use std::collections::HashMap;

use resources::TrainingChoices;
use schema::{Error, Result, TableName};
use sqlx::{SqliteConnection, SqliteExecutor};

use crate::{Link, Listed, Store, references::id_list};

impl Store {
    /// What was chosen for a training; nothing is chosen for a job that is not known.
    pub async fn training_choices(&self, job: &str) -> Result<TrainingChoices> {
        of(self.pool(), job).await
    }

    /// Replaces what was chosen for a training.
    pub async fn set_training_choices(&self, job: &str, choices: &TrainingChoices) -> Result<()> {
        let mut tx = self.write().await?;
        put(&mut tx, job, choices).await?;
        Ok(tx.commit().await?)
    }
}

/// What was chosen for a training. Choices that can't be read, as of a newer version, are none.
pub(super) async fn of(database: impl SqliteExecutor<'_>, job: &str) -> Result<TrainingChoices> {
    let choices: Option<String> =
        sqlx::query_scalar("SELECT choices FROM studio_training_choices WHERE table_name = ? AND row_id = ?")
            .bind(TableName::FineTuningJobs.into_str())
            .bind(job)
            .fetch_optional(database)
            .await?;
    Ok(choices.and_then(|choices| serde_json::from_str(&choices).ok()).unwrap_or_default())
}

/// Fills in what was chosen for the trainings of these rows, and the links to what it refers to.
pub(super) async fn fill_in(database: &mut SqliteConnection, rows: &mut [Listed]) -> Result<()> {
    let ids: Vec<String> = rows.iter().map(|job| job.id().to_owned()).collect();
    let found: Vec<(String, String)> = sqlx::query_as(
        "SELECT row_id, choices FROM studio_training_choices WHERE table_name = ? \
         AND row_id IN (SELECT value FROM json_each(?))",
    )
    .bind(TableName::FineTuningJobs.into_str())
    .bind(id_list(&ids))
    .fetch_all(database)
    .await?;
    let mut choices: HashMap<String, String> = found.into_iter().collect();
    for job in rows {
        job.choices = choices.remove(job.id()).and_then(|choices| serde_json::from_str(&choices).ok());
        let adapter = job.choices.as_ref().and_then(|choices: &TrainingChoices| choices.adapter_init.clone());
        job.links.extend(adapter.map(|id| Link {
            column: "adapter_init".to_owned(),
            table: TableName::Adapters,
            id,
            label: None,
        }));
    }
    Ok(())
}

/// Stores what was chosen for a new training.
pub(super) async fn keep(
    database: &mut SqliteConnection,
    job: &mut Listed,
    choices: &TrainingChoices,
) -> Result<()> {
    if choices.is_empty() {
        return Ok(());
    }
    put(database, job.id(), choices).await?;
    job.choices = Some(choices.clone());
    Ok(())
}

async fn put(database: &mut SqliteConnection, job: &str, choices: &TrainingChoices) -> Result<()> {
    let json = serde_json::to_string(choices)
        .map_err(|error| Error::internal("storing what was chosen for a training", &error))?;
    sqlx::query("INSERT OR REPLACE INTO studio_training_choices VALUES (?, ?, ?)")
        .bind(TableName::FineTuningJobs.into_str())
        .bind(job)
        .bind(json)
        .execute(database)
        .await?;
    Ok(())
}
