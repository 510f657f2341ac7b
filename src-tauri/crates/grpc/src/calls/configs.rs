//! Configs.

use serde::Deserialize;
use serde_json::Value;
use studio::{
    Result, WeightsSource,
    configs::{ConfigType, parse_config},
    resources::{Config, Model},
    schema::{Row, TableName, column, python_json},
};

use super::{Calls, refused, require};
use crate::{reply::Reply, yaml};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ListConfigsRequest {
    r#type: String,
    model_id: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct AddConfigRequest {
    r#type: String,
    config: String,
    description: String,
}

impl Calls {
    /// The configs of a type, or all; for a model, the built-in ones of its family where there are any.
    pub(super) async fn list_configs(&self, request: ListConfigsRequest) -> Result<Reply> {
        let ListConfigsRequest { r#type, model_id } = request;
        let family = if model_id.is_empty() { None } else { self.family_of(&model_id).await? };
        let mut rows = Vec::new();
        for text in self.studio.store().rows_as_json(TableName::Configs).await? {
            let row: Row = read_row(&text)?;
            if r#type.is_empty() || text_of(&row, "type") == r#type {
                rows.push((row, text));
            }
        }
        let of_family = |row: &Row| {
            let built_in = row.get(column!(Config, is_default)).and_then(Value::as_i64) == Some(1);
            built_in && family.as_deref() == Some(text_of(row, column!(Config, model_family)))
        };
        if rows.iter().any(|(row, _)| of_family(row)) {
            rows.retain(|(row, _)| of_family(row));
        }
        Ok(Reply::Rows(rows.into_iter().map(|(_, text)| text).collect()))
    }

    /// The first class of Transformers that runs a model, by its files on this machine.
    async fn family_of(&self, model: &str) -> Result<Option<String>> {
        self.studio.store().stored::<Model>(model).await?;
        let report = self.studio.inspector().model(&WeightsSource::Id(model.to_owned())).await;
        // Without files on this machine, the configs can't be narrowed down.
        Ok(report.ok().and_then(|report| report.facts?.architectures.into_iter().next()))
    }

    /// Adds a config, or finds one of its type with equal settings.
    pub(super) async fn add_config(&self, request: AddConfigRequest) -> Result<Reply> {
        let AddConfigRequest { r#type, config, description } = request;
        require("type", &r#type)?;
        require("config", &config)?;
        let text = match r#type.parse::<ConfigType>() {
            Ok(kind) => {
                let value = parse_config(Some(kind), &config)
                    .map_err(|problem| refused("config", problem.to_string()))?;
                normalized(kind, &value).unwrap_or(config)
            }
            // The rules of the row refuse the type.
            Err(_) => config,
        };
        let fields = [("type", r#type), ("config", text), ("description", description)];
        let fields = fields.into_iter().map(|(column, text)| (column.to_owned(), text.into())).collect();
        Ok(Reply::Row(self.studio.rows().create(TableName::Configs, fields).await?.row.row))
    }
}

/// The settings in the one form in which the reference studio stores them.
fn normalized(kind: ConfigType, value: &Value) -> Option<String> {
    match kind {
        ConfigType::Axolotl => yaml::to_text(value),
        _ => Some(python_json::to_string(value)),
    }
}

fn read_row(text: &str) -> Result<Row> {
    serde_json::from_str(text).map_err(|error| studio::Error::internal("reading a row", &error))
}

fn text_of<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).and_then(Value::as_str).unwrap_or_default()
}
