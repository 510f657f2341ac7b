//! Exports of models with adapters.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};
use studio::{
    Error, ErrorCode, Result,
    configs::{ConfigType, parse_config, settings_of},
    exports::{EndpointSettings, ExportRequest, RegisterSettings, RegistrationSettings, Way},
    resources::{EvaluationJob, ModelExportType},
    schema::{Row, TableName, column},
    store::{RowKey, Run, RunState},
};

use super::{Calls, refused, require};
use crate::reply::Reply;

/// How often the run of an export is looked at.
const PULSE: Duration = Duration::from_millis(250);

/// The contract names these fields as it names those of a job.
const BASE: &str = column!(EvaluationJob, base_model_id);
const ADAPTER: &str = column!(EvaluationJob, adapter_id);
const GENERATION: &str = column!(EvaluationJob, generation_config);

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ExportModelRequest {
    r#type: String,
    base_model_id: String,
    adapter_id: String,
    model_name: String,
    model_description: String,
    generation_config: String,
}

impl Calls {
    /// Registers a model with an adapter in MLflow, or in the registry of the workbench that is the target, as a run of
    /// its own, and returns when it is over. If the client does not wait for it, the run goes on. An endpoint there is
    /// under way when this returns.
    pub(super) async fn export_model(&self, request: ExportModelRequest) -> Result<Reply> {
        let workbench = self.workbench().await?;
        let kind = request.r#type.parse::<ModelExportType>();
        match kind {
            Ok(ModelExportType::CmlModel) if workbench.is_none() => {
                let message = "An endpoint of Cloudera AI can't be made from this machine.";
                return Err(Error::new(ErrorCode::Unreachable, message)
                    .hint("Register the model with the type model_registry, and deploy it there."));
            }
            Ok(ModelExportType::ModelRegistry | ModelExportType::CmlModel) => {}
            Err(_) => {
                let message = format!("type must be model_registry or cml_model, not '{}'.", request.r#type);
                return Err(refused("type", message));
            }
        }
        let is_endpoint = kind == Ok(ModelExportType::CmlModel);
        let ExportModelRequest { base_model_id, adapter_id, model_name, .. } = &request;
        for (field, value) in [(BASE, base_model_id), (ADAPTER, adapter_id), ("model_name", model_name)] {
            require(field, value)?;
        }
        let generation = generation_settings(&request.generation_config)?;
        self.row(TableName::Models, base_model_id).await?;
        self.row(TableName::Adapters, adapter_id).await?;
        let description = Some(request.model_description.clone()).filter(|text| !text.trim().is_empty());
        let export = ExportRequest {
            source: RowKey { table: TableName::Adapters, id: adapter_id.clone() },
            base: Some(base_model_id.clone()),
            name: Some(model_name.clone()),
            to: None,
            target: None,
            way: way(workbench, is_endpoint, model_name.clone(), description, generation),
        };
        let run = self.studio.exports().start(&export).await?;
        // The reference service returns as soon as an endpoint is under way.
        if !is_endpoint {
            self.succeeded(&run.id).await?;
        }
        Ok(Reply::Row(exported(request.base_model_id, request.adapter_id)))
    }

    /// Waits for the end of a run. One that did not succeed is an error with its reason.
    async fn succeeded(&self, id: &str) -> Result<()> {
        loop {
            let Run { state, note, hint, name, .. } = self.studio.store().run(id).await?;
            if state == RunState::Succeeded {
                return Ok(());
            }
            if !state.is_live() {
                let reason = note.map(|note| format!(" {note}")).unwrap_or_default();
                let message = format!("The export of '{name}' ended as {}.{reason}", state.into_str());
                let error = Error::new(ErrorCode::File, message);
                return Err(Error { hint, ..error });
            }
            tokio::time::sleep(PULSE).await;
        }
    }
}

/// Where it is exported to: the workbench that is the service's target, else MLflow.
fn way(
    workbench: Option<String>,
    is_endpoint: bool,
    name: String,
    description: Option<String>,
    generation: Map<String, Value>,
) -> Way {
    let Some(target) = workbench else {
        return Way::Mlflow(RegisterSettings { uri: None, name, description, generation });
    };
    let (base_model, workbench) = (None, None);
    if is_endpoint {
        let open = false;
        let settings =
            EndpointSettings { target, name, description, generation, open, base_model, workbench };
        return Way::Endpoint(settings);
    }
    Way::Registration(RegistrationSettings { target, name, generation, base_model, workbench })
}

fn exported(base: String, adapter: String) -> Row {
    let fields = [(BASE, base), (ADAPTER, adapter)];
    fields.into_iter().map(|(field, id)| (field.to_owned(), id.into())).collect()
}

/// The generation settings of a request, or those that everything begins with.
fn generation_settings(text: &str) -> Result<Map<String, Value>> {
    let kind = ConfigType::GenerationConfig;
    let given = !text.trim().is_empty();
    let text = if given { text } else { settings_of(kind).map_or("{}", |settings| settings.default) };
    let parsed = parse_config(Some(kind), text);
    match parsed.map_err(|problem| refused(GENERATION, problem.to_string()))? {
        Value::Object(settings) => Ok(settings),
        _ => Err(refused(GENERATION, "The generation settings must be a JSON object.")),
    }
}
