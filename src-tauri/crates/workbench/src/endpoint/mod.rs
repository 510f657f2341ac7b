//! Endpoints: a base model of the Hub with an adapter, served by the workbench.
//!
//! An endpoint is a model there with a build and a deployment. Its script and the adapter are files of the project, in a
//! folder of their own, which the build takes with it.

mod ask;

use std::{
    collections::BTreeMap,
    future::Future,
    path::PathBuf,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{
    adapter_files::ADAPTER,
    client::Workbench,
    failure::{Failure, Fault, Result},
    models::{BuildRequest, DeploymentRequest, Model, ModelRequest, Progress},
};

/// The script, in the endpoint's folder.
const SCRIPT: &str = "predict.py";
/// What the script does.
const CONTENT: &str = include_str!("predict.py");
/// The function of the script that answers.
const FUNCTION: &str = "api_wrapper";
/// The longest time that a build or a deployment is followed.
const LONGEST: Duration = Duration::from_hours(3);

/// What the script reads.
const BASE: &str = "FINE_TUNING_STUDIO_BASE_MODEL_HF_NAME";
const LOCATION: &str = "FINE_TUNING_STUDIO_ADAPTER_LOCATION";
const GENERATION: &str = "FINE_TUNING_STUDIO_GEN_CONFIG_STRING";

/// An endpoint to make.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EndpointRequest {
    /// A text that no other endpoint has, such as the id of a run. By it, a model of an earlier attempt is known.
    pub mark: String,
    /// The model's name there.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The base model's name on the Hub.
    pub base: String,
    /// The adapter's folder here.
    pub adapter: PathBuf,
    /// The generation settings, as JSON.
    pub generation: String,
    /// The folder of the project in which a folder is made for it.
    pub folder: String,
    /// The runtime's image.
    pub runtime: String,
    /// The identifiers of addons.
    pub addons: Vec<String>,
    /// Processors.
    pub cpu: f64,
    /// Memory in GB.
    pub memory: f64,
    /// GPUs.
    pub gpus: u32,
    /// Whether whoever asks it needs a key of the workbench.
    pub authentication: bool,
}

/// The ids of what is there of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EndpointParts {
    /// Of the model.
    pub model: Option<String>,
    /// Of the build.
    pub build: Option<String>,
    /// Of the deployment.
    pub deployment: Option<String>,
}

/// What is done for an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointStep {
    /// Its files are sent.
    Sending,
    /// The workbench builds it.
    Building,
    /// The workbench starts it.
    Deploying,
}

impl EndpointRequest {
    /// The folder of its files in the project.
    pub fn place(&self) -> String {
        let name = format!("endpoints/{}", self.mark);
        match self.folder.trim_matches('/') {
            "" => name,
            folder => format!("{folder}/{name}"),
        }
    }

    fn marked(&self) -> String {
        let mark = format!("Made by Fine Tuning Studio ({}).", self.mark);
        if self.description.trim().is_empty() { mark } else { format!("{} {mark}", self.description.trim()) }
    }

    fn is_of(&self, model: &Model) -> bool {
        model.name == self.name && model.description.contains(&self.mark)
    }
}

impl Workbench {
    /// The models of the project with that name.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn models_named(&self, name: &str) -> Result<Vec<Model>> {
        Ok(self.models().await?.into_iter().filter(|model| model.name == name).collect())
    }

    /// Makes an endpoint and follows it until it serves. `report` has each step, with the workbench's word for how it
    /// stands, and what is there so far: with it, another call goes on where this one ended.
    ///
    /// # Errors
    /// As every call: see [`Fault`]; [`Fault::Conflict`] if another model has the name, [`Fault::Failed`] if the build
    /// or the deployment fails or takes too long. What was made stays there, with its log.
    pub async fn make_endpoint<R: Future<Output = Result<()>>>(
        &self,
        request: &EndpointRequest,
        parts: &mut EndpointParts,
        report: impl Fn(EndpointStep, String, EndpointParts) -> R,
    ) -> Result<()> {
        report(EndpointStep::Sending, "Sending the adapter and its script".to_owned(), parts.clone()).await?;
        let model = self.model_of(request, parts).await?;
        self.send_adapter(&request.place(), (SCRIPT, CONTENT), &request.adapter).await?;
        let build = self.build_of(request, &model, parts, &report).await?;
        self.deployment_of(request, &model, &build, parts, &report).await
    }

    /// The model of the endpoint: one of an earlier attempt, or a new one.
    async fn model_of(&self, request: &EndpointRequest, parts: &mut EndpointParts) -> Result<String> {
        let named = self.models_named(&request.name).await?;
        let known = named.iter().find(|model| {
            parts.model.as_ref().map_or_else(|| request.is_of(model), |known| *known == model.id)
        });
        let id = match known {
            Some(model) => model.id.clone(),
            None if !named.is_empty() => {
                let message = format!("The project there has a model named '{}' already.", request.name);
                return Err(Failure::new(Fault::Conflict, message)
                    .hint("Choose another name, or delete that model in the workbench."));
            }
            None => {
                let made = ModelRequest {
                    name: request.name.clone(),
                    description: request.marked(),
                    authentication: request.authentication,
                };
                self.make_model(&made).await?.id
            }
        };
        if parts.model.as_ref() != Some(&id) {
            *parts = EndpointParts { model: Some(id.clone()), ..EndpointParts::default() };
        }
        Ok(id)
    }

    async fn build_of<R: Future<Output = Result<()>>>(
        &self,
        request: &EndpointRequest,
        model: &str,
        parts: &mut EndpointParts,
        report: &impl Fn(EndpointStep, String, EndpointParts) -> R,
    ) -> Result<String> {
        let known = self.builds(model).await?;
        // One that has failed is made anew.
        let usable = known.into_iter().rev().find(|build| build.progress() != Progress::Ended);
        let id = match usable {
            Some(build) => build.id,
            None => {
                let script = format!("{}/{}", request.place(), SCRIPT);
                let made = BuildRequest {
                    script,
                    function: FUNCTION.to_owned(),
                    runtime: request.runtime.clone(),
                    addons: request.addons.clone(),
                    comment: request.mark.clone(),
                };
                self.make_build(model, &made).await?.id
            }
        };
        parts.build = Some(id.clone());
        self.follow_steps(request, parts, EndpointStep::Building, report).await?;
        Ok(id)
    }

    async fn deployment_of<R: Future<Output = Result<()>>>(
        &self,
        request: &EndpointRequest,
        model: &str,
        build: &str,
        parts: &mut EndpointParts,
        report: &impl Fn(EndpointStep, String, EndpointParts) -> R,
    ) -> Result<()> {
        let known = self.deployments(model, build).await?;
        let usable = known.into_iter().rev().find(|deployment| deployment.progress() != Progress::Ended);
        let id = match usable {
            Some(deployment) => deployment.id,
            None => {
                let environment = [
                    (BASE, request.base.clone()),
                    (LOCATION, format!("{}/{}", request.place(), ADAPTER)),
                    (GENERATION, request.generation.clone()),
                ];
                let made = DeploymentRequest {
                    cpu: request.cpu,
                    memory: request.memory,
                    gpus: request.gpus,
                    environment: BTreeMap::from(environment.map(|(name, value)| (name.to_owned(), value))),
                    replicas: 1,
                };
                self.deploy(model, build, &made).await?.id
            }
        };
        parts.deployment = Some(id.clone());
        self.follow_steps(request, parts, EndpointStep::Deploying, report).await
    }

    /// Looks at a build or a deployment until it is ready.
    async fn follow_steps<R: Future<Output = Result<()>>>(
        &self,
        request: &EndpointRequest,
        parts: &EndpointParts,
        step: EndpointStep,
        report: &impl Fn(EndpointStep, String, EndpointParts) -> R,
    ) -> Result<()> {
        let id = |part: &Option<String>| part.clone().unwrap_or_default();
        let (model, build, deployment) = (id(&parts.model), id(&parts.build), id(&parts.deployment));
        let is_built = step == EndpointStep::Deploying;
        let (what, place) = if is_built { ("deployment", "Deployments") } else { ("build", "Builds") };
        let began = Instant::now();
        loop {
            let (progress, status) = if is_built {
                let deployment = self.deployment(&model, &build, &deployment).await?;
                (deployment.progress(), deployment.status)
            } else {
                let build = self.build(&model, &build).await?;
                (build.progress(), build.status)
            };
            report(step, status.clone(), parts.clone()).await?;
            let name = &request.name;
            let why = match progress {
                Progress::Ready => return Ok(()),
                Progress::Ended => format!("The {what} of '{name}' there ended as '{status}'."),
                Progress::Going if began.elapsed() > LONGEST => {
                    format!("The {what} of '{name}' there is still '{status}' after three hours.")
                }
                Progress::Going => {
                    tokio::time::sleep(2 * self.times.first_wait).await;
                    continue;
                }
            };
            return Err(Failure::new(Fault::Failed, why).hint(format!(
                "Its log is in the workbench, under Models, {name}, {place}. The runtime needs torch, transformers, \
                 peft and bitsandbytes, or a cdsw-build.sh in the project that installs them."
            )));
        }
    }

    /// Removes an endpoint with its files there. Nothing happens to what is gone.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn remove_endpoint(&self, request: &EndpointRequest, parts: &EndpointParts) -> Result<()> {
        let ids: Vec<String> = match &parts.model {
            Some(id) => vec![id.clone()],
            None => {
                let named = self.models_named(&request.name).await?;
                named.into_iter().filter(|model| request.is_of(model)).map(|model| model.id).collect()
            }
        };
        for id in ids {
            self.delete_model(&id).await?;
        }
        self.delete_file(&request.place()).await
    }
}
