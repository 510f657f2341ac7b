//! Which configurations people start from: a list of ids among the database's settings. An id whose
//! row is gone means nothing, and means it again should the row come back.

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
    /// The configurations that were made presets, the first one first.
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

    /// Makes a configuration a preset, or no longer one.
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

    /// The configurations of a type that hold just these settings, the oldest first.
    pub async fn equal_configs(&self, kind: ConfigType, value: &Value) -> Result<Vec<Row>> {
        let mut reading = self.pool().acquire().await?;
        let table = TableName::Configs.table();
        let same_type = rows_where(&mut reading, table, "type", kind.into_str()).await?;
        let same_type = same_type.into_iter().map(Stored::<Config>::from_row);
        Ok(same_type.filter(|config| config.has_settings(value)).map(|config| config.raw).collect())
    }
}
