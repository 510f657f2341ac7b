//! Answers of the hub about repositories, stored by name, so that they hold for every row with that
//! name.

use schema::Result;

use crate::Store;

/// A stored answer of the hub.
#[derive(Debug, Clone, PartialEq)]
pub struct HubRecord {
    /// When the hub answered, in UTC (RFC 3339).
    pub checked_at: String,
    /// The answer as JSON text.
    pub facts: String,
}

impl Store {
    /// Stores an answer of the hub about a name. `kind` is "model" or "dataset".
    pub async fn keep_hub_answer(&self, kind: &str, name: &str, facts: &str) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO studio_hub (kind, name, checked_at, facts) \
             VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?) \
             ON CONFLICT DO UPDATE SET checked_at = excluded.checked_at, facts = excluded.facts",
        )
        .bind(kind)
        .bind(name)
        .bind(facts)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Deletes the stored answer about a name.
    pub async fn forget_hub_answer(&self, kind: &str, name: &str) -> Result<()> {
        let mut tx = self.write().await?;
        let delete = sqlx::query("DELETE FROM studio_hub WHERE kind = ? AND name = ?");
        delete.bind(kind).bind(name).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
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
