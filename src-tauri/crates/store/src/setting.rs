//! Settings of this database, by name.

use schema::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Sqlite, SqliteConnection, SqliteExecutor};

use crate::Store;

impl Store {
    /// Stores the value of a setting.
    pub(super) async fn set_setting(&self, name: &str, value: &impl Serialize) -> Result<()> {
        let mut tx = self.write().await?;
        set_setting(&mut tx, name, value).await?;
        Ok(tx.commit().await?)
    }
}

/// The value of a setting; the default if it is not set or can't be parsed.
pub(super) async fn setting<T: DeserializeOwned + Default>(
    database: impl SqliteExecutor<'_, Database = Sqlite>,
    name: &str,
) -> Result<T> {
    let stored: Option<String> = sqlx::query_scalar("SELECT value FROM studio_settings WHERE name = ?")
        .bind(name)
        .fetch_optional(database)
        .await?;
    Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Stores the value of a setting.
pub(super) async fn set_setting(
    database: &mut SqliteConnection,
    name: &str,
    value: &impl Serialize,
) -> Result<()> {
    let text = serde_json::to_string(value).map_err(|error| Error::internal("keeping a setting", &error))?;
    sqlx::query(
        "INSERT INTO studio_settings (name, value) VALUES (?, ?) \
         ON CONFLICT DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(text)
    .execute(database)
    .await?;
    Ok(())
}
