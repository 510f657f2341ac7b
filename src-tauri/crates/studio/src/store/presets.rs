//! Which configurations people start from: a list of ids among the database's settings. An id whose
//! row is gone means nothing, and means it again should the row come back.

use serde_json::Value;
use sqlx::{Sqlite, SqliteExecutor};

use super::{Store, read::find};
use crate::{
    configs::Preset,
    error::Result,
    resources::{Config, TableName},
    schema::{Choice, MappedDict as _},
};

/// The name of the setting.
const PRESETS: &str = "config_presets";

impl Store {
    /// The configurations that were made presets, the first one first.
    pub(crate) async fn presets(&self) -> Result<Vec<Preset>> {
        let mut tx = self.pool().begin().await?;
        let table = TableName::Configs.table();
        let mut presets = Vec::new();
        for id in preset_ids(&mut *tx).await? {
            let Some(row) = find(&mut tx, table, &id).await? else { continue };
            let Ok(Config { r#type: Some(Choice::Known(kind)), config: Some(config), .. }) =
                Config::from_dict(&row)
            else {
                continue;
            };
            let (name, about) = (table.label_of(&row), String::new());
            presets.push(Preset { r#type: kind, name, about, config, id: Some(id) });
        }
        Ok(presets)
    }

    /// Makes a configuration a preset, or no longer one.
    pub(crate) async fn set_preset(&self, id: &str, preset: bool) -> Result<()> {
        let mut tx = self.write().await?;
        let mut ids = preset_ids(&mut *tx).await?;
        ids.retain(|known| known != id);
        if preset {
            ids.push(id.to_owned());
        }
        sqlx::query("INSERT INTO studio_settings (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value")
            .bind(PRESETS)
            .bind(Value::from(ids).to_string())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

async fn preset_ids(database: impl SqliteExecutor<'_, Database = Sqlite>) -> Result<Vec<String>> {
    let stored: Option<String> = sqlx::query_scalar("SELECT value FROM studio_settings WHERE name = ?")
        .bind(PRESETS)
        .fetch_optional(database)
        .await?;
    Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}
