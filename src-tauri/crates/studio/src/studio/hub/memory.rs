//! What the hub said, kept in the database: by name, so that it holds for every row of that name.

use super::Verified;
use crate::{
    error::Result,
    hub::{HubFacts, HubKind},
    store::Store,
};

/// Remembers what the hub knows of a name.
pub(super) async fn keep(store: &Store, kind: HubKind, name: &str, facts: &HubFacts) -> Result<()> {
    let mut tx = store.write().await?;
    sqlx::query(
        "INSERT INTO studio_hub (kind, name, checked_at, facts) \
         VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?) \
         ON CONFLICT DO UPDATE SET checked_at = excluded.checked_at, facts = excluded.facts",
    )
    .bind(kind.into_str())
    .bind(name)
    .bind(serde_json::json!(facts).to_string())
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

/// Forgets a name that is not there.
pub(super) async fn forget(store: &Store, kind: HubKind, name: &str) -> Result<()> {
    let mut tx = store.write().await?;
    let delete = sqlx::query("DELETE FROM studio_hub WHERE kind = ? AND name = ?");
    delete.bind(kind.into_str()).bind(name).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// What the hub knew of a name. What can't be read any more counts as never asked.
pub(super) async fn recall(store: &Store, kind: HubKind, name: &str) -> Result<Option<Verified>> {
    let kept: Option<(String, String)> =
        sqlx::query_as("SELECT checked_at, facts FROM studio_hub WHERE kind = ? AND name = ?")
            .bind(kind.into_str())
            .bind(name)
            .fetch_optional(store.pool())
            .await?;
    Ok(kept.and_then(|(checked_at, facts)| {
        Some(Verified { checked_at, facts: serde_json::from_str(&facts).ok()? })
    }))
}
