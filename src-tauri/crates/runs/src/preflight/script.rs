//! Trainings by a script of a person's own.

use std::path::Path;

use configs::{ConfigType, parse_config};
use resources::Config;
use schema::{Result, Row, TableName, lenient};
use serde_json::{Value, json};
use uuid::Uuid;

use super::findings::Found;
use crate::Runs;

/// The configuration of a script.
pub(super) struct UserConfig {
    pub(super) text: String,
    /// Its id in the configs.
    pub(super) id: String,
    /// Its row where it is made with the job.
    pub(super) row: Option<Row>,
}

impl Runs {
    /// The configuration that goes with a job's script: given itself, which makes a config of it
    /// (one with the same settings is found again), or by its id.
    pub(super) async fn user_config(
        &self,
        fields: &mut Row,
        found: &mut Found,
    ) -> Result<Option<UserConfig>> {
        let text = match fields.remove("user_config") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.trim().is_empty() => None,
            Some(Value::String(text)) => Some(text),
            Some(other) => Some(other.to_string()),
        };
        let script = fields.get("user_script").and_then(Value::as_str).filter(|path| !path.is_empty());
        let Some(text) = text else {
            let Some(Value::String(id)) = fields.get("user_config_id") else { return Ok(None) };
            // A reference to nothing is refused with the row.
            let Ok(listed) = self.store.get(TableName::Configs, id).await else { return Ok(None) };
            let text = lenient::<Config>(&listed.row).config.unwrap_or_default();
            return Ok(Some(UserConfig { text, id: id.clone(), row: None }));
        };
        if script.is_none() {
            found
                .refuse("user_config", "A config of your own goes with a script of your own. Choose it too.");
            return Ok(None);
        }
        let value = match parse_config(Some(ConfigType::Custom), &text) {
            Ok(value) => value,
            Err(problem) => {
                found.refuse("user_config", problem.to_string());
                return Ok(None);
            }
        };
        // By the text alone the job names it: an id beside it would contradict.
        fields.remove("user_config_id");
        let mut reading = self.store.pool().acquire().await?;
        let same = self.store.equal_configs(ConfigType::Custom, &value).await?.into_iter().next();
        let known = same.as_ref().and_then(|row| row.get("id")).and_then(Value::as_str);
        if let Some(id) = known.map(str::to_owned) {
            return Ok(Some(UserConfig { text, id, row: None }));
        }
        let id = Uuid::new_v4().to_string();
        let of = fields.get("adapter_name").and_then(Value::as_str).unwrap_or("a training");
        let kind = ConfigType::Custom.into_str();
        let row = json!({"id": id, "type": kind, "description": format!("Script of {of}"), "config": text});
        Ok(Some(UserConfig { text, id, row: row.as_object().cloned() }))
    }
}

/// Refuses a script that is not there.
pub(super) fn check_script(script: Option<&str>, found: &mut Found) {
    if let Some(script) = script.filter(|script| !Path::new(script).is_file()) {
        found.refuse("user_script", format!("There is no file {script}. Choose the script to run."));
    }
}
