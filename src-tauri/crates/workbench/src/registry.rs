//! The registry of models.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    client::{Call, Workbench},
    failure::{About, Result},
    making::Named,
    shapes,
};

/// A model of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct RegisteredModel {
    /// Its id.
    #[serde(deserialize_with = "shapes::text")]
    pub model_id: String,
    /// Its name.
    #[serde(deserialize_with = "shapes::text")]
    pub name: String,
    /// What it is.
    #[serde(deserialize_with = "shapes::text")]
    pub description: String,
    /// The number of its versions.
    #[serde(rename = "count", deserialize_with = "shapes::whole")]
    pub versions: i64,
    /// When it was changed, by the clock there: RFC 3339.
    #[serde(deserialize_with = "shapes::text")]
    pub updated_at: String,
}

/// A version of a model of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ModelVersion {
    /// Its id.
    #[serde(deserialize_with = "shapes::text")]
    pub model_version_id: String,
    /// Its number, from 1.
    #[serde(deserialize_with = "shapes::whole")]
    pub number: i64,
    /// What was noted about it.
    #[serde(deserialize_with = "shapes::text")]
    pub notes: String,
    /// How it stands, in the workbench's words.
    #[serde(deserialize_with = "shapes::text")]
    pub status: String,
    /// When it was made, by the clock there: RFC 3339.
    #[serde(deserialize_with = "shapes::text")]
    pub created_at: String,
    /// What it is marked with, such as its stage.
    #[serde(deserialize_with = "shapes::list")]
    pub tags: Vec<Tag>,
    /// Where it came from.
    pub model_version_metadata: Option<VersionMetadata>,
}

/// A mark of a version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Tag {
    /// Its name.
    #[serde(deserialize_with = "shapes::text")]
    pub key: String,
    /// Its value.
    #[serde(deserialize_with = "shapes::text")]
    pub value: String,
}

/// Where a version came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct VersionMetadata {
    /// The project in which it was made.
    #[serde(deserialize_with = "shapes::text")]
    pub project_id: String,
    /// The run of MLflow.
    pub mlflow_metadata: Option<MlflowRun>,
}

/// A run of MLflow.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct MlflowRun {
    /// The experiment's id.
    #[serde(deserialize_with = "shapes::text")]
    pub experiment_id: String,
    /// The run's id.
    #[serde(deserialize_with = "shapes::text")]
    pub run_id: String,
}

impl ModelVersion {
    /// The run of MLflow that it came from.
    pub fn mlflow_run(&self) -> Option<&MlflowRun> {
        self.model_version_metadata.as_ref()?.mlflow_metadata.as_ref()
    }
}

impl Named for ModelVersion {
    fn id(&self) -> &str {
        &self.model_version_id
    }
}

/// A version to register: a model that a run of MLflow has logged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionRequest {
    /// The model's name. With the first version of a name, the model is made.
    pub name: String,
    /// The experiment's id.
    pub experiment: String,
    /// The run's id.
    pub run: String,
    /// The folder of the model among the run's artifacts.
    pub path: String,
    /// What the model is.
    pub description: String,
    /// What is to be noted about the version.
    pub notes: String,
}

impl Workbench {
    /// The models of the registry whose names contain a text; all for an empty text.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn registered_models(&self, text: &str) -> Result<Vec<RegisteredModel>> {
        let about = About {
            doing: "list the models of the registry".to_owned(),
            thing: "registry of models".to_owned(),
        };
        let mut call = Call::get(vec!["registry", "models"], about);
        if !text.is_empty() {
            call.query.push(("search_filter", json!({"model_name": text}).to_string()));
        }
        self.list(call, "models").await
    }

    /// A model of the registry with all its versions.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn registered_model(&self, id: &str) -> Result<(RegisteredModel, Vec<ModelVersion>)> {
        let about = About {
            doing: format!("read the registered model '{id}'"),
            thing: format!("registered model '{id}'"),
        };
        let call = Call::get(vec!["registry", "models", id], about.clone());
        let (model, versions) = self.list_in(call, "model_versions").await?;
        let model = serde_json::from_value(model)
            .map_err(|_| crate::failure::bad_answer(&self.host(), &about, "can't be understood"))?;
        Ok((model, versions))
    }

    /// Registers a version. Returns the model, with the number of its versions.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn register_version(
        &self,
        request: &VersionRequest,
    ) -> Result<(RegisteredModel, ModelVersion)> {
        let name = &request.name;
        let about = About {
            doing: format!("register a version of the model '{name}'"),
            thing: format!("run '{}' of the experiment '{}'", request.run, request.experiment),
        };
        let before = self.versions_of(request).await?;
        let body = json!({
            "project_id": self.project_id(), "experiment_id": request.experiment, "run_id": request.run,
            "model_path": request.path, "model_name": name, "description": request.description,
            "notes": request.notes,
        });
        let call = Call::post(vec!["registry", "models"], body, about);
        let mut waits = self.waits();
        loop {
            let failure = self.json::<RegisteredModel>(&call).await.err();
            if let Some(failure) = &failure {
                if !failure.may_be_done {
                    return Err(failure.clone());
                }
                self.wait(&mut waits, failure.clone(), std::time::Duration::ZERO).await?;
            }
            let new = |(_, version): &(RegisteredModel, ModelVersion)| {
                !before.iter().any(|(_, known)| known.id() == version.id())
            };
            if let Some(made) = self.versions_of(request).await?.into_iter().find(new) {
                return Ok(made);
            }
            if failure.is_none() {
                let why = "does not have it";
                return Err(crate::failure::bad_answer(&self.host(), &call.about, why));
            }
        }
    }

    /// The versions of the model of that name that came from the run.
    async fn versions_of(&self, request: &VersionRequest) -> Result<Vec<(RegisteredModel, ModelVersion)>> {
        let mut found = Vec::new();
        for model in self.registered_models(&request.name).await? {
            if model.name != request.name {
                continue;
            }
            let (model, versions) = self.registered_model(&model.model_id).await?;
            let from_run = |version: &ModelVersion| {
                let run = version.mlflow_run();
                run.is_some_and(|run| run.experiment_id == request.experiment && run.run_id == request.run)
            };
            found.extend(versions.into_iter().filter(from_run).map(|version| (model.clone(), version)));
        }
        Ok(found)
    }

    /// Deletes a model of the registry with its versions. Nothing happens if it is gone.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn delete_registered_model(&self, id: &str) -> Result<()> {
        let about = About {
            doing: format!("delete the registered model '{id}'"),
            thing: format!("registered model '{id}'"),
        };
        self.delete(Call::new(Method::DELETE, vec!["registry", "models", id], about)).await
    }
}
