//! What a person chose about how the file of a dataset is read.

use datasets::ReadOptions;
use schema::{Error, Result, TableName};
use sqlx::{SqliteConnection, SqliteExecutor};

use crate::Store;

impl Store {
    /// What was chosen for a dataset; nothing is chosen for one that is not known.
    pub async fn read_options(&self, dataset: &str) -> Result<ReadOptions> {
        of(self.pool(), dataset).await
    }

    /// Sets what is chosen for a dataset whose file is not read now.
    pub async fn set_read_options(&self, dataset: &str, options: &ReadOptions) -> Result<()> {
        let mut tx = self.write().await?;
        keep(&mut tx, dataset, options).await?;
        Ok(tx.commit().await?)
    }
}

/// What was chosen for a dataset. Choices that can't be read, as of a newer version, are none.
pub(super) async fn of(database: impl SqliteExecutor<'_>, dataset: &str) -> Result<ReadOptions> {
    let options: Option<String> =
        sqlx::query_scalar("SELECT options FROM studio_read_options WHERE table_name = ? AND row_id = ?")
            .bind(TableName::Datasets.into_str())
            .bind(dataset)
            .fetch_optional(database)
            .await?;
    Ok(options.and_then(|options| serde_json::from_str(&options).ok()).unwrap_or_default())
}

/// Stores what is chosen from now on.
pub(super) async fn keep(
    database: &mut SqliteConnection,
    dataset: &str,
    options: &ReadOptions,
) -> Result<()> {
    let statement = if options.is_empty() {
        sqlx::query("DELETE FROM studio_read_options WHERE table_name = ? AND row_id = ?")
            .bind(TableName::Datasets.into_str())
            .bind(dataset)
    } else {
        sqlx::query("INSERT OR REPLACE INTO studio_read_options VALUES (?, ?, ?)")
            .bind(TableName::Datasets.into_str())
            .bind(dataset)
            .bind(to_json(options)?)
    };
    statement.execute(database).await?;
    Ok(())
}

/// The choices as they are stored.
pub(super) fn to_json(options: &ReadOptions) -> Result<String> {
    serde_json::to_string(options).map_err(|error| Error::internal("storing how a file was read", &error))
}
