//! What each call of the contract does, by its name. Requests are read by name and presence: an empty text, 0
//! and false are not given, as proto3 sends them.

mod adapters;
mod configs;
mod database;
mod datasets;
mod evaluation;
mod export;
mod hub_names;
mod models;
mod prompts;
mod rows;
mod training;

use std::path::PathBuf;

use prost_reflect::Kind;
use serde::de::DeserializeOwned;
use serde_json::Value;
use studio::{
    Error, ErrorCode, FieldProblem, Result, Studio,
    compute::TargetKind,
    configs::parse_json,
    schema::{Row, TableName, python_json},
    wire,
};

use crate::reply::Reply;

/// The calls on a workspace. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Calls {
    studio: Studio,
    /// The folder that files are imported from, without links.
    import_folder: Option<PathBuf>,
    /// The id of the compute target that runs work on; none for this machine.
    target: Option<String>,
}

impl Calls {
    pub(crate) fn new(studio: Studio, import_folder: Option<PathBuf>, target: Option<String>) -> Self {
        Self { studio, import_folder, target }
    }

    /// The id of the target, if it is a workbench.
    async fn workbench(&self) -> Result<Option<String>> {
        let Some(target) = &self.target else { return Ok(None) };
        let found = self.studio.store().target(target).await?;
        Ok(Some(found.id).filter(|_| found.settings.kind == TargetKind::Cloudera))
    }

    /// Whether a call changes something. The others can be given up at any moment.
    pub(crate) fn changes(call: &str) -> bool {
        !call.starts_with("List") && !call.starts_with("Get") && call != "ExportDatabase"
    }

    /// Carries out a call.
    pub(crate) async fn answer(&self, call: &str, request: Row) -> Result<Reply> {
        match call {
            "ListDatasets" => self.list(TableName::Datasets).await,
            "GetDataset" => self.get(TableName::Datasets, request).await,
            "AddDataset" => self.add_dataset(read(request)?).await,
            "RemoveDataset" => self.remove_dataset(read(request)?).await,
            "GetDatasetSplitByAdapter" => self.dataset_split_by_adapter(read(request)?).await,
            "ListModels" => self.list(TableName::Models).await,
            "GetModel" => self.get(TableName::Models, request).await,
            "AddModel" => self.add_model(read(request)?).await,
            "ExportModel" => self.export_model(read(request)?).await,
            "RemoveModel" => self.remove(TableName::Models, request).await,
            "ListAdapters" => self.list(TableName::Adapters).await,
            "GetAdapter" => self.get(TableName::Adapters, request).await,
            "AddAdapter" => self.add_adapter(request).await,
            "RemoveAdapter" => self.remove(TableName::Adapters, request).await,
            "ListPrompts" => self.list(TableName::Prompts).await,
            "GetPrompt" => self.get(TableName::Prompts, request).await,
            "AddPrompt" => self.add_prompt(read(request)?).await,
            "RemovePrompt" => self.remove(TableName::Prompts, request).await,
            "ListFineTuningJobs" => self.list(TableName::FineTuningJobs).await,
            "GetFineTuningJob" => self.get(TableName::FineTuningJobs, request).await,
            "StartFineTuningJob" => self.start_fine_tuning_job(request).await,
            "RemoveFineTuningJob" => self.remove(TableName::FineTuningJobs, request).await,
            "ListEvaluationJobs" => self.list(TableName::EvaluationJobs).await,
            "GetEvaluationJob" => self.get(TableName::EvaluationJobs, request).await,
            "StartEvaluationJob" => self.start_evaluation_job(request).await,
            "RemoveEvaluationJob" => self.remove(TableName::EvaluationJobs, request).await,
            "ListConfigs" => self.list_configs(read(request)?).await,
            "GetConfig" => self.get(TableName::Configs, request).await,
            "AddConfig" => self.add_config(read(request)?).await,
            "RemoveConfig" => self.remove(TableName::Configs, request).await,
            "ExportDatabase" => self.export_database().await,
            "ImportDatabase" => self.import_database(read(request)?).await,
            _ => Err(Error::new(ErrorCode::Invalid, format!("{call} is not offered here."))),
        }
    }
}

/// A request in the type of its call.
fn read<T: DeserializeOwned>(request: Row) -> Result<T> {
    serde_json::from_value(Value::Object(request))
        .map_err(|error| Error::internal("reading a request", &error))
}

/// A request for a job. Numbers that are not sent are 0, so that the rules of the job refuse them where the
/// column's default would be taken. JSON stands as Python writes it, as the reference studio stores it.
fn job_request(message: &str, mut request: Row) -> Result<Row> {
    for field in wire::message_descriptor(message)?.fields() {
        if matches!(field.kind(), Kind::Int32 | Kind::Float) {
            request.entry(field.name()).or_insert_with(|| 0.into());
        }
    }
    for (_, value) in request.iter_mut().filter(|(name, _)| name.ends_with("_config")) {
        // What is no JSON is refused by the job.
        if let Some(settings) = value.as_str().and_then(|text| parse_json(text).ok()) {
            *value = python_json::to_string(&settings).into();
        }
    }
    Ok(request)
}

/// Refuses a request that lacks a value.
fn require(field: &str, value: &str) -> Result<()> {
    if value.trim().is_empty() { Err(refused(field, format!("{field} is required."))) } else { Ok(()) }
}

/// A refusal of a value of a request.
fn refused(field: &str, message: impl Into<String>) -> Error {
    Error::invalid(vec![FieldProblem { column: field.to_owned(), message: message.into() }])
}
