//! Configs that users marked as presets. The setting keeps their ids, also those of deleted configs, so
//! that a config that is undeleted is a preset again.

use configs::{ConfigType, Preset};
use resources::{Config, Described as _};
use schema::{Choice, MappedDict as _, Result, Row, Stored, TableName};
use serde_json::Value;

use crate::{
    Store,
    rows::{find, rows_where},
    setting::{set_setting, setting},
};

/// The name of the setting.
const PRESETS: &str = "config_presets";

impl Store {
    /// The configs that are presets, in the order in which they were marked.
    pub async fn presets(&self) -> Result<Vec<Preset>> {
        let mut tx = self.pool().begin().await?;
        let table = TableName::Configs.table();
        let mut presets = Vec::new();
        for id in setting::<Vec<String>>(&mut *tx, PRESETS).await? {
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

    /// Makes a config a preset, or no longer one.
    pub async fn set_preset(&self, id: &str, preset: bool) -> Result<()> {
        let mut tx = self.write().await?;
        let mut ids: Vec<String> = setting(&mut *tx, PRESETS).await?;
        ids.retain(|known| known != id);
        if preset {
            ids.push(id.to_owned());
        }
        set_setting(&mut tx, PRESETS, &ids).await?;
        Ok(tx.commit().await?)
    }

    /// The configs of a type with equal settings, the oldest first.
    pub async fn equal_configs(&self, kind: ConfigType, value: &Value) -> Result<Vec<Row>> {
        let mut reading = self.pool().acquire().await?;
        let table = TableName::Configs.table();
        let same_type = rows_where(&mut reading, table, "type", kind.into_str()).await?;
        let same_type = same_type.into_iter().map(Stored::<Config>::from_row);
        Ok(same_type.filter(|config| config.has_settings(value)).map(|config| config.raw).collect())
    }
}
