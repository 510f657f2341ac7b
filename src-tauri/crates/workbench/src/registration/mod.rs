//! Registrations: a base model of the Hub with an adapter, which a job there merges, logs to MLflow and registers.
//!
//! The API alone can't log a model: MLflow's client in a job can. The job's script, what it is asked and how it ended are
//! files in a folder of their own, which is removed with the job when the version is registered.

use std::{
    collections::BTreeMap,
    future::Future,
    path::PathBuf,
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::json;

use crate::{
    adapter_files::ADAPTER,
    client::Workbench,
    failure::{Failure, Fault, Result},
    jobs::JobRequest,
    shapes,
};

/// What the job does.
const SCRIPT: &str = include_str!("register.py");
/// The experiment in which the runs of registrations are.
const EXPERIMENT: &str = "Registered models";
/// The most bytes of a result.
const LONGEST_RESULT: i64 = 1 << 20;
/// The longest time that a job is followed.
const LONGEST: Duration = Duration::from_hours(12);

/// What is to be registered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RegistrationRequest {
    /// A text that no other registration has, such as the id of a run and the number of its attempt.
    pub mark: String,
    /// The name of the registered model, of which this becomes the next version.
    pub name: String,
    /// The base model's name on the Hub.
    pub base: String,
    /// The adapter's name, for the run of MLflow.
    pub adapter_name: String,
    /// The adapter's folder here.
    pub adapter: PathBuf,
    /// The generation settings, as JSON.
    pub generation: serde_json::Value,
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
}

/// A version that was registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredThere {
    /// The id of the model in the registry.
    pub model: String,
    /// The number of the version.
    pub version: i64,
    /// The experiment of MLflow.
    pub experiment: String,
    /// The run of MLflow.
    pub run: String,
}

/// How the job ended.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Ended {
    #[serde(deserialize_with = "shapes::text")]
    experiment_id: String,
    #[serde(deserialize_with = "shapes::text")]
    run_id: String,
    #[serde(deserialize_with = "shapes::text")]
    error: String,
}

impl RegistrationRequest {
    /// The folder of its files in the project.
    fn place(&self) -> String {
        let name = format!("registrations/{}", self.mark);
        match self.folder.trim_matches('/') {
            "" => name,
            folder => format!("{folder}/{name}"),
        }
    }

    fn job(&self) -> String {
        format!("fts-register-{}", self.mark)
    }

    fn result(&self) -> String {
        format!("{}/result.json", self.place())
    }
}

impl Workbench {
    /// Registers a version of a model there and follows the job that does it. `report` has each step, as a sentence. A
    /// second call for the mark goes on with the first one's job.
    ///
    /// # Errors
    /// As every call: see [`Fault`]; [`Fault::Failed`] if the job fails or takes too long.
    pub async fn register_adapter<R: Future<Output = Result<()>>>(
        &self,
        request: &RegistrationRequest,
        report: impl Fn(String) -> R,
    ) -> Result<RegisteredThere> {
        let known = self.jobs_named(&request.job()).await?;
        if known.is_empty() {
            report("Sending the adapter and the script that registers it".to_owned()).await?;
            let place = request.place();
            let asked = json!({
                "base": request.base, "adapter": format!("{place}/{ADAPTER}"), "name": request.name,
                "adapter_label": request.adapter_name, "generation": request.generation,
                "experiment": EXPERIMENT,
            });
            self.write_file(&format!("{place}/request.json"), asked.to_string().as_bytes()).await?;
            self.send_adapter(&place, ("register.py", SCRIPT), &request.adapter).await?;
        }
        let job = self.make_job(&self.job_request(request)).await?.made;
        let run = self.start_run(&job.id, &request.mark, &BTreeMap::new()).await?.made;
        let began = Instant::now();
        let state = loop {
            let run = self.job_run(&job.id, &run.id).await?;
            report(format!("The job there merges and registers it: {}", run.status)).await?;
            if run.status.has_ended() {
                break run.status;
            }
            if began.elapsed() > LONGEST {
                let why = format!("The job there is still '{}' after twelve hours.", run.status);
                return Err(self.job_failed(request, why));
            }
            tokio::time::sleep(2 * self.times.first_wait).await;
        };
        let Some(written) = self.read_file(&request.result(), LONGEST_RESULT).await? else {
            return Err(
                self.job_failed(request, format!("The job there ended as '{state}', without a result."))
            );
        };
        let ended: Ended = serde_json::from_slice(&written).unwrap_or_default();
        if ended.run_id.is_empty() {
            let line: String = ended.error.lines().next().unwrap_or_default().chars().take(300).collect();
            let why = format!("The job there could not register it. It says: {}", platform::scrubbed(&line));
            return Err(self.job_failed(request, why));
        }
        let found = self.version_of(&request.name, &ended).await?;
        self.remove_registration(request).await?;
        Ok(found)
    }

    /// The version that came from the job's run of MLflow.
    async fn version_of(&self, name: &str, ended: &Ended) -> Result<RegisteredThere> {
        for model in self.registered_models(name).await?.into_iter().filter(|model| model.name == name) {
            let (model, versions) = self.registered_model(&model.model_id).await?;
            let of_run = versions
                .into_iter()
                .find(|version| version.mlflow_run().is_some_and(|run| run.run_id == ended.run_id));
            if let Some(version) = of_run {
                return Ok(RegisteredThere {
                    model: model.model_id,
                    version: version.number,
                    experiment: ended.experiment_id.clone(),
                    run: ended.run_id.clone(),
                });
            }
        }
        let message =
            format!("The job there logged the model, and the registry has no version of '{name}' from it.");
        Err(Failure::new(Fault::Failed, message)
            .hint("Look whether the workbench has a registry of models, and whether you may write to it."))
    }

    fn job_failed(&self, request: &RegistrationRequest, why: String) -> Failure {
        Failure::new(Fault::Failed, why).hint(format!(
            "Its log is in the workbench, under Jobs, {}. The runtime needs torch, transformers, peft and mlflow, and as \
             much memory as the base model takes.",
            request.job()
        ))
    }

    fn job_request(&self, request: &RegistrationRequest) -> JobRequest {
        let place = request.place();
        JobRequest {
            name: request.job(),
            script: format!("{place}/register.py"),
            environment: BTreeMap::from([
                ("FTS_REGISTRATION".to_owned(), place),
                ("FTS_RESULT".to_owned(), "result.json".to_owned()),
            ]),
            runtime: request.runtime.clone(),
            addons: request.addons.clone(),
            cpu: request.cpu,
            memory: request.memory,
            ..JobRequest::default()
        }
    }

    /// Stops the job of a registration, and removes it with its files. What is registered stays.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn remove_registration(&self, request: &RegistrationRequest) -> Result<()> {
        for job in self.jobs_named(&request.job()).await? {
            for run in self.job_runs(&job.id).await?.into_iter().filter(|run| !run.status.has_ended()) {
                self.stop_run(&job.id, &run.id).await?;
            }
            self.delete_job(&job.id).await?;
        }
        self.delete_file(&request.place()).await
    }
}
