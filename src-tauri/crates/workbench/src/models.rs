//! Models that the workbench serves: their builds and deployments.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{
    client::{Call, Workbench},
    failure::Result,
    making::Named,
    shapes,
};

/// A model to make.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelRequest {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Whether whoever asks it needs a key of the workbench.
    pub authentication: bool,
}

/// A model.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Model {
    /// Its id, a UUID.
    #[serde(deserialize_with = "shapes::text")]
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "shapes::text")]
    pub name: String,
    /// What it is.
    #[serde(deserialize_with = "shapes::text")]
    pub description: String,
    /// What whoever asks it has to send: a secret.
    #[serde(deserialize_with = "shapes::text")]
    pub access_key: String,
    /// Empty as long as it is not being deleted.
    #[serde(deserialize_with = "shapes::text")]
    pub deletion_status: String,
    /// Whether whoever asks it needs a key of the workbench.
    pub auth_enabled: bool,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

impl Named for Model {
    fn id(&self) -> &str {
        &self.id
    }
}

/// How a build or a deployment stands. The workbench's words are no fixed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Progress {
    /// It is on its way.
    Going,
    /// It is ready.
    Ready,
    /// It has failed, or was stopped.
    Ended,
}

/// A build to make of a model: a snapshot of the project's files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuildRequest {
    /// The script, by its path in the project.
    pub script: String,
    /// The function in it that answers.
    pub function: String,
    /// The runtime's image.
    pub runtime: String,
    /// The identifiers of addons.
    pub addons: Vec<String>,
    /// What is to be noted about it.
    pub comment: String,
}

/// A build of a model.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Build {
    /// Its id.
    #[serde(deserialize_with = "shapes::text")]
    pub id: String,
    /// How it stands, in the workbench's words.
    #[serde(deserialize_with = "shapes::text")]
    pub status: String,
}

impl Build {
    /// How it stands.
    pub fn progress(&self) -> Progress {
        match self.status.to_lowercase().as_str() {
            "built" | "succeeded" => Progress::Ready,
            "build failed" | "failed" | "timedout" => Progress::Ended,
            _ => Progress::Going,
        }
    }
}

impl Named for Build {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A deployment to make of a build.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeploymentRequest {
    /// Processors.
    pub cpu: f64,
    /// Memory in GB.
    pub memory: f64,
    /// GPUs.
    pub gpus: u32,
    /// Variables. They are no secrets: everyone in the project sees them.
    pub environment: BTreeMap<String, String>,
    /// How many answer at the same time, at least 1.
    pub replicas: u32,
}

/// A deployment of a build.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct Deployment {
    /// Its id.
    #[serde(deserialize_with = "shapes::text")]
    pub id: String,
    /// How it stands, in the workbench's words.
    #[serde(deserialize_with = "shapes::text")]
    pub status: String,
    /// Its variables.
    #[serde(deserialize_with = "shapes::variables")]
    pub environment: BTreeMap<String, String>,
    /// GPUs.
    #[serde(deserialize_with = "shapes::whole")]
    pub nvidia_gpu: i64,
}

impl Deployment {
    /// How it stands.
    pub fn progress(&self) -> Progress {
        match self.status.to_lowercase().as_str() {
            "deployed" => Progress::Ready,
            "failed" | "stopped" => Progress::Ended,
            _ => Progress::Going,
        }
    }
}

impl Named for Deployment {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Workbench {
    /// Every model of the project that is not being deleted.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn models(&self) -> Result<Vec<Model>> {
        let about = self.about("list the models", "models");
        let models: Vec<Model> = self.list(Call::get(self.inside(&["models"]), about), "models").await?;
        Ok(models.into_iter().filter(|model| model.deletion_status.is_empty()).collect())
    }

    /// Makes a model. It serves nothing before it is built and deployed.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn make_model(&self, request: &ModelRequest) -> Result<Model> {
        let name = &request.name;
        let about = self.about(format!("make the model '{name}'"), "place for models");
        let body = json!({
            "project_id": self.project_id(), "name": name, "description": request.description,
            "disable_authentication": !request.authentication,
        });
        let call = Call::post(self.inside(&["models"]), body, about);
        self.make(&call, move || async move {
            let models = self.models().await?;
            Ok(models.into_iter().filter(|model| model.name == *name).collect())
        })
        .await
    }

    /// Deletes a model with its builds and deployments. Nothing happens if it is gone.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn delete_model(&self, id: &str) -> Result<()> {
        let about = self.about(format!("delete the model '{id}'"), &format!("model '{id}'"));
        self.delete(Call::new(Method::DELETE, self.inside(&["models", id]), about)).await
    }

    /// Every build of a model.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn builds(&self, model: &str) -> Result<Vec<Build>> {
        let about =
            self.about(format!("list the builds of the model '{model}'"), &format!("model '{model}'"));
        self.list(Call::get(self.inside(&["models", model, "builds"]), about), "model_builds").await
    }

    /// A build of a model.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn build(&self, model: &str, id: &str) -> Result<Build> {
        let thing = format!("build '{id}' of the model '{model}'");
        let about = self.about(format!("read the build '{id}'"), &thing);
        self.json(&Call::get(self.inside(&["models", model, "builds", id]), about)).await
    }

    /// Makes a build of a model.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn make_build(&self, model: &str, request: &BuildRequest) -> Result<Build> {
        let about = self.about(format!("build the model '{model}'"), &format!("model '{model}'"));
        let mut body = Map::from_iter([
            ("project_id".to_owned(), json!(self.project_id())),
            ("file_path".to_owned(), json!(request.script)),
            ("function_name".to_owned(), json!(request.function)),
            ("kernel".to_owned(), json!("python3")),
            ("runtime_identifier".to_owned(), json!(request.runtime)),
            ("comment".to_owned(), json!(request.comment)),
        ]);
        if !request.addons.is_empty() {
            body.insert("runtime_addon_identifiers".to_owned(), json!(request.addons));
        }
        let call = Call::post(self.inside(&["models", model, "builds"]), Value::Object(body), about);
        self.make(&call, move || self.builds(model)).await
    }

    /// Every deployment of a build.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn deployments(&self, model: &str, build: &str) -> Result<Vec<Deployment>> {
        let thing = format!("build '{build}' of the model '{model}'");
        let about = self.about(format!("list the deployments of the build '{build}'"), &thing);
        let call = Call::get(self.inside(&["models", model, "builds", build, "deployments"]), about);
        self.list(call, "model_deployments").await
    }

    /// A deployment of a build.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn deployment(&self, model: &str, build: &str, id: &str) -> Result<Deployment> {
        let thing = format!("deployment '{id}' of the model '{model}'");
        let about = self.about(format!("read the deployment '{id}'"), &thing);
        let path = self.inside(&["models", model, "builds", build, "deployments", id]);
        self.json(&Call::get(path, about)).await
    }

    /// Makes a deployment of a build that is ready.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn deploy(&self, model: &str, build: &str, request: &DeploymentRequest) -> Result<Deployment> {
        let thing = format!("build '{build}' of the model '{model}'");
        let about = self.about(format!("deploy the model '{model}'"), &thing);
        let body = json!({
            "project_id": self.project_id(), "cpu": request.cpu,
            "memory": request.memory, "nvidia_gpus": request.gpus, "environment": request.environment,
            "replicas": request.replicas.max(1),
        });
        let call = Call::post(self.inside(&["models", model, "builds", build, "deployments"]), body, about);
        self.make(&call, move || self.deployments(model, build)).await
    }

    /// Stops a deployment.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn stop_deployment(&self, model: &str, build: &str, id: &str) -> Result<Deployment> {
        let thing = format!("deployment '{id}' of the model '{model}'");
        let about = self.about(format!("stop the deployment '{id}'"), &thing);
        let path = self.inside(&["models", model, "builds", build, "deployments", id]);
        self.json(&Call::post(path, json!({}), about).verb("stop")).await
    }
}
