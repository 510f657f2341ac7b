//! Answers of the Hub about repositories, stored by name, so that they hold for every row with that
//! name.

use std::path::{MAIN_SEPARATOR, Path};

use resources::{Adapter, Dataset, Described as _, Model};
use schema::{Result, TableName, column};
use serde::Serialize;
use sqlx::Row as _;

use crate::{Store, references::shown_label, sql};

/// A stored answer of the Hub.
#[derive(Debug, Clone, PartialEq)]
pub struct HubRecord {
    /// When the Hub answered, in UTC (RFC 3339).
    pub checked_at: String,
    /// The answer as JSON text.
    pub facts: String,
}

/// A row that uses a repository of the Hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RepositoryUse {
    /// Its table.
    pub table: TableName,
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
}

/// The tables whose rows can be of a repository, with the column of its name.
const MODELS: [(TableName, &str); 2] = [
    (TableName::Models, column!(Model, huggingface_model_name)),
    (TableName::Adapters, column!(Adapter, huggingface_name)),
];
const DATASETS: [(TableName, &str); 1] = [(TableName::Datasets, column!(Dataset, huggingface_name))];

impl Store {
    /// The rows with a Hub name, or with a location at or below a folder: datasets, or models and adapters.
    pub async fn rows_of_repository(
        &self,
        is_dataset: bool,
        name: &str,
        folder: &Path,
    ) -> Result<Vec<RepositoryUse>> {
        let folder = folder.display().to_string();
        let inside = format!("{folder}{MAIN_SEPARATOR}");
        let mut uses = Vec::new();
        let tables: &[(TableName, &str)] = if is_dataset { &DATASETS } else { &MODELS };
        for (table, column) in tables {
            let statement = sql::statement(sql::rows_of_repository(table.table(), column));
            let statement = statement.bind(name.to_owned()).bind(folder.clone()).bind(inside.clone());
            for row in statement.fetch_all(self.pool()).await? {
                uses.push(RepositoryUse { table: *table, id: row.try_get(0)?, label: shown_label(&row, 1)? });
            }
        }
        Ok(uses)
    }

    /// Stores an answer of the Hub about a name. `kind` is "model" or "dataset".
    pub async fn keep_hub_answer(&self, kind: &str, name: &str, facts: &str) -> Result<()> {
        let keep = sqlx::query(
            "INSERT INTO studio_hub (kind, name, checked_at, facts) \
             VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?) \
             ON CONFLICT DO UPDATE SET checked_at = excluded.checked_at, facts = excluded.facts",
        );
        self.execute(keep.bind(kind).bind(name).bind(facts)).await.map(drop)
    }

    /// Deletes the stored answer about a name.
    pub async fn forget_hub_answer(&self, kind: &str, name: &str) -> Result<()> {
        let delete = sqlx::query("DELETE FROM studio_hub WHERE kind = ? AND name = ?");
        self.execute(delete.bind(kind).bind(name)).await.map(drop)
    }

    /// The stored answer about a name.
    pub async fn hub_answer(&self, kind: &str, name: &str) -> Result<Option<HubRecord>> {
        let stored: Option<(String, String)> =
            sqlx::query_as("SELECT checked_at, facts FROM studio_hub WHERE kind = ? AND name = ?")
                .bind(kind)
                .bind(name)
                .fetch_optional(self.pool())
                .await?;
        Ok(stored.map(|(checked_at, facts)| HubRecord { checked_at, facts }))
    }
}
