//! What a person chose about how the file of a dataset is read.

use datasets::ReadOptions;
use schema::{Error, Result, TableName};
use sqlx::{Row as _, SqliteConnection, SqliteExecutor};

use crate::Store;

impl Store {
    /// What was chosen for a dataset; nothing is chosen for one that is not known.
    pub async fn read_options(&self, dataset: &str) -> Result<ReadOptions> {
        of(self.pool(), dataset).await
    }
}

/// What was chosen for a dataset.
///
/// # Errors
/// The database can't be read. A choice that is not known here, as of a newer version, is none.
pub(super) async fn of(database: impl SqliteExecutor<'_>, dataset: &str) -> Result<ReadOptions> {
    let row = sqlx::query(
        "SELECT separator, encoding, quote, list FROM studio_read_options WHERE table_name = ? AND row_id = ?",
    )
    .bind(TableName::Datasets.into_str())
    .bind(dataset)
    .fetch_optional(database)
    .await?;
    let Some(row) = row else { return Ok(ReadOptions::default()) };
    let text = |name| row.try_get::<String, _>(name);
    Ok(ReadOptions {
        separator: text("separator")?.parse().ok(),
        encoding: text("encoding")?.parse().ok(),
        quote: text("quote")?.parse().ok(),
        list: Some(text("list")?).filter(|list| !list.is_empty()),
    })
}

/// Stores what is chosen from now on.
pub(super) async fn keep(
    database: &mut SqliteConnection,
    dataset: &str,
    options: &ReadOptions,
) -> Result<()> {
    let ReadOptions { separator, encoding, quote, list } = options;
    let statement = if options.is_empty() {
        sqlx::query("DELETE FROM studio_read_options WHERE table_name = ? AND row_id = ?")
            .bind(TableName::Datasets.into_str())
            .bind(dataset)
    } else {
        sqlx::query("INSERT OR REPLACE INTO studio_read_options VALUES (?, ?, ?, ?, ?, ?)")
            .bind(TableName::Datasets.into_str())
            .bind(dataset)
            .bind(separator.map(String::from).unwrap_or_default())
            .bind(encoding.map(String::from).unwrap_or_default())
            .bind(quote.map(|quote| quote.name()).unwrap_or_default())
            .bind(list.as_deref().unwrap_or_default())
    };
    statement.execute(database).await?;
    Ok(())
}

/// The choices as they stand beside a reading.
pub(super) fn to_json(options: &ReadOptions) -> Result<String> {
    serde_json::to_string(options).map_err(|error| Error::internal("storing how a file was read", &error))
}
