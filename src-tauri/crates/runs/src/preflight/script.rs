//! Trainings by a script of the user's own.

use std::path::Path;

use configs::{ConfigType, parse_config};
use resources::{Config, FineTuningJob};
use schema::{Choice, MappedDict as _, Result, Row, Stored, column};
use serde_json::Value;
use uuid::Uuid;

use super::context::Preflight;
use crate::request::TrainingRequest;

/// The configuration of a script.
pub(super) struct ScriptConfig {
    pub(super) text: String,
    /// The id of its row.
    pub(super) id: String,
    /// Its row, where it is created with the job.
    pub(super) row: Option<Row>,
}

impl Preflight<'_> {
    /// The configuration of a job's script: given as a text, which becomes a config unless one with
    /// the same settings exists, or by the id of a config.
    pub(super) async fn script_config(
        &mut self,
        request: &mut TrainingRequest,
    ) -> Result<Option<ScriptConfig>> {
        let text = match request.user_config.take() {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.trim().is_empty() => None,
            Some(Value::String(text)) => Some(text),
            Some(other) => Some(other.to_string()),
        };
        let Some(text) = text else {
            let Some(id) = request.user_config_id.clone() else { return Ok(None) };
            let config = self.row::<Config>(&id).await?;
            return Ok(config.map(|config| ScriptConfig {
                text: config.row.typed.config.unwrap_or_default(),
                id,
                row: None,
            }));
        };
        if request.user_script.as_ref().is_none_or(String::is_empty) {
            let message = "A script config is read by a script of your own. Choose the script too.";
            self.diagnostics.refuse("user_config", message);
            return Ok(None);
        }
        let value = match parse_config(Some(ConfigType::Custom), &text) {
            Ok(value) => value,
            Err(problem) => {
                self.diagnostics.refuse("user_config", problem.to_string());
                return Ok(None);
            }
        };
        // The text decides; an id beside it would contradict.
        request.user_config_id = None;
        // Configs with the same settings are searched for, which the inputs do not record.
        self.inputs.set_incomplete();
        let same = self.runs.store.equal_configs(ConfigType::Custom, &value).await?.into_iter().next();
        let known = same.map(Stored::<Config>::from_row).and_then(|config| config.typed.id);
        if let Some(id) = known {
            return Ok(Some(ScriptConfig { text, id: id.as_str().to_owned(), row: None }));
        }
        let id = Uuid::new_v4().to_string();
        let of = request.adapter_name.as_deref().unwrap_or("a training");
        let config = Config {
            id: Some(id.clone().into()),
            r#type: Some(Choice::Known(ConfigType::Custom)),
            description: Some(format!("Script of {of}")),
            config: Some(text.clone()),
            ..Config::default()
        };
        Ok(Some(ScriptConfig { text, id, row: Some(config.to_dict()) }))
    }

    /// Refuses a script that is not there.
    pub(super) fn check_script(&mut self, script: Option<&str>) {
        let Some(script) = script else { return };
        self.inputs.add_file(Path::new(script));
        if !Path::new(script).is_file() {
            let message = format!("There is no file {script}. Choose the script to run.");
            self.diagnostics.refuse(column!(FineTuningJob, user_script), message);
        }
    }
}
