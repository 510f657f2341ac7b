//! The registry of models of a workbench, and rows for its models.

use resources::{Adapter, AdapterType, Model, ModelType};
use schema::{Choice, Error, ErrorCode, MappedDict as _, Result, Row, TableName};
use serde::Serialize;
use workbench::{ModelVersion, RegisteredModel, Workbench};

/// A model of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Registered {
    /// Its id there.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The number of its versions.
    pub versions: u32,
    /// When it was changed, by the clock there: RFC 3339.
    pub updated_at: String,
}

/// A version of a model of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RegisteredVersion {
    /// Its id there.
    pub id: String,
    /// Its number, from 1.
    pub number: u32,
    /// How it stands, in the workbench's words.
    pub status: String,
    /// What it is marked with, such as its stage: names and values.
    pub tags: Vec<(String, String)>,
    /// What was noted about it.
    pub notes: String,
    /// When it was made, by the clock there: RFC 3339.
    pub created_at: String,
    /// The id of the project in which it was made; empty where that is not said.
    pub project: String,
    /// The experiment of MLflow that it came from; empty where that is not said.
    pub experiment: String,
    /// The run of MLflow that it came from; empty where that is not said.
    pub run: String,
}

/// A model of the registry with its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RegisteredVersions {
    /// The model.
    pub model: Registered,
    /// Its versions, the newest first.
    pub versions: Vec<RegisteredVersion>,
}

/// What a row is made for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegistryChoice {
    /// The number of the version; `None` for the newest.
    pub version: Option<u32>,
    /// What the row is called; `None` for the name in the registry.
    pub name: Option<String>,
    /// The id of the base model of an adapter; `None` for a model.
    pub base: Option<String>,
}

/// The models of the registry whose names contain a text, whatever its case, by name.
///
/// # Errors
/// The workbench can't be asked.
pub async fn search(workbench: &Workbench, text: &str) -> Result<Vec<Registered>> {
    let text = text.trim().to_lowercase();
    // The filter there is by case.
    let all = workbench.registered_models("").await?;
    let mut found: Vec<Registered> = all.into_iter().map(registered).collect();
    found.retain(|model| model.name.to_lowercase().contains(&text));
    found.sort_by(|one, other| one.name.cmp(&other.name).then_with(|| one.id.cmp(&other.id)));
    Ok(found)
}

/// A model of the registry, by its id or its name.
///
/// # Errors
/// The workbench can't be asked, has no such model, or has several of the name.
pub async fn versions(workbench: &Workbench, id_or_name: &str) -> Result<RegisteredVersions> {
    let wanted = id_or_name.trim();
    let mut named = workbench.registered_models(wanted).await?;
    named.retain(|model| model.name == wanted);
    if named.len() > 1 {
        let message = format!("The registry has {} models of the name '{wanted}'.", named.len());
        return Err(Error::new(ErrorCode::Conflict, message).hint("Name it by its id."));
    }
    let id = named.pop().map_or_else(|| wanted.to_owned(), |model| model.model_id);
    let (model, versions) = workbench.registered_model(&id).await?;
    let mut versions: Vec<RegisteredVersion> = versions.into_iter().map(version).collect();
    versions.sort_by_key(|version| std::cmp::Reverse(version.number));
    Ok(RegisteredVersions { model: registered(model), versions })
}

impl RegisteredVersions {
    /// The version of a number; the newest without one.
    ///
    /// # Errors
    /// There is none.
    pub fn version(&self, number: Option<u32>) -> Result<&RegisteredVersion> {
        let found = match number {
            Some(number) => self.versions.iter().find(|version| version.number == number),
            None => self.versions.first(),
        };
        found.ok_or_else(|| {
            let which = number.map_or_else(|| "version".to_owned(), |number| format!("version {number}"));
            let message = format!("'{}' has no {which} in the registry.", self.model.name);
            Error::new(ErrorCode::NotFound, message).hint("Look at its versions, and choose one of them.")
        })
    }

    /// The row of a model or an adapter for a version, with the columns that the reference studio fills.
    ///
    /// # Errors
    /// There is no such version.
    pub fn row(&self, choice: &RegistryChoice) -> Result<(TableName, Row)> {
        let version = self.version(choice.version)?;
        let name = Some(choice.name.clone().unwrap_or_else(|| self.model.name.clone()));
        let registered = Some(self.model.id.clone());
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let (experiment, run) = (text(&version.experiment), text(&version.run));
        Ok(match &choice.base {
            None => {
                let model = Model {
                    r#type: Some(Choice::Known(ModelType::ModelRegistry)),
                    name,
                    cml_registered_model_id: registered,
                    mlflow_experiment_id: experiment,
                    mlflow_run_id: run,
                    ..Model::default()
                };
                (TableName::Models, model.to_dict())
            }
            Some(base) => {
                let adapter = Adapter {
                    r#type: Some(Choice::Known(AdapterType::ModelRegistry)),
                    name,
                    model_id: Some(base.clone().into()),
                    cml_registered_model_id: registered,
                    mlflow_experiment_id: experiment,
                    mlflow_run_id: run,
                    ..Adapter::default()
                };
                (TableName::Adapters, adapter.to_dict())
            }
        })
    }
}

fn registered(model: RegisteredModel) -> Registered {
    let RegisteredModel { model_id, name, description, versions, updated_at } = model;
    Registered { id: model_id, name, description, versions: whole(versions), updated_at }
}

fn version(version: ModelVersion) -> RegisteredVersion {
    let of_mlflow = version.mlflow_run().cloned().unwrap_or_default();
    let project = version.model_version_metadata.as_ref().map(|about| about.project_id.clone());
    RegisteredVersion {
        id: version.model_version_id,
        number: whole(version.number),
        status: version.status,
        tags: version.tags.into_iter().map(|tag| (tag.key, tag.value)).collect(),
        notes: version.notes,
        created_at: version.created_at,
        project: project.unwrap_or_default(),
        experiment: of_mlflow.experiment_id,
        run: of_mlflow.run_id,
    }
}

fn whole(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}
