//! Jobs: definitions of what can be started.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{
    client::{Call, Workbench},
    failure::{Failure, Fault, Result},
    making::Named,
    shapes,
};

/// A job to make.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JobRequest {
    /// Its name, by which it is found again.
    pub name: String,
    /// The script, by its path in the project.
    pub script: String,
    /// What the script finds in the variable `JOB_ARGUMENTS`. It is no place for secrets: everyone in the project sees it.
    pub arguments: String,
    /// Variables of its runs. They are no secrets either.
    pub environment: BTreeMap<String, String>,
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
    /// The id of a label of GPUs.
    pub gpu_label: Option<i64>,
    /// After how many seconds its runs are ended; never if there is none.
    pub timeout: Option<u32>,
}

/// A job that is there.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Job {
    /// Its id, of the form `xxxx-xxxx-xxxx-xxxx`.
    #[serde(deserialize_with = "shapes::text")]
    pub id: String,
    /// Its name, which others may have, too.
    #[serde(deserialize_with = "shapes::text")]
    pub name: String,
    /// The script, by its path in the project.
    #[serde(deserialize_with = "shapes::text")]
    pub script: String,
    /// What its script finds in `JOB_ARGUMENTS`.
    #[serde(deserialize_with = "shapes::text")]
    pub arguments: String,
    /// Variables of its runs.
    #[serde(deserialize_with = "shapes::variables")]
    pub environment: BTreeMap<String, String>,
    /// The runtime's image.
    #[serde(deserialize_with = "shapes::text")]
    pub runtime_identifier: String,
    /// The identifiers of its addons.
    #[serde(deserialize_with = "shapes::list")]
    pub runtime_addon_identifiers: Vec<String>,
    /// Processors.
    #[serde(deserialize_with = "shapes::number")]
    pub cpu: Option<f64>,
    /// Memory in GB.
    #[serde(deserialize_with = "shapes::number")]
    pub memory: Option<f64>,
    /// GPUs.
    #[serde(deserialize_with = "shapes::whole")]
    pub nvidia_gpu: i64,
    /// The id of a label of GPUs; 0 for none.
    #[serde(deserialize_with = "shapes::whole")]
    pub accelerator_label_id: i64,
    /// When it was made, by the clock there: RFC 3339.
    #[serde(deserialize_with = "shapes::text")]
    pub created_at: String,
}

impl Named for Job {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A thing that was asked for, and whether it was made for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made<T> {
    /// The thing.
    pub made: T,
    /// Whether this call made it; an earlier one may have, whose answer was lost.
    pub new: bool,
}

impl JobRequest {
    fn body(&self, project: &str) -> Value {
        let mut body = Map::from_iter([
            ("project_id".to_owned(), json!(project)),
            ("name".to_owned(), json!(self.name)),
            ("script".to_owned(), json!(self.script)),
            ("arguments".to_owned(), json!(self.arguments)),
            ("runtime_identifier".to_owned(), json!(self.runtime)),
            ("cpu".to_owned(), json!(self.cpu)),
            ("memory".to_owned(), json!(self.memory)),
            ("nvidia_gpu".to_owned(), json!(self.gpus)),
        ]);
        // Empty values may mean something else than none.
        let mut add = |key: &str, value: Value| body.insert(key.to_owned(), value);
        if !self.environment.is_empty() {
            add("environment", json!(self.environment));
        }
        if !self.addons.is_empty() {
            add("runtime_addon_identifiers", json!(self.addons));
        }
        if let Some(label) = self.gpu_label.filter(|_| self.gpus > 0) {
            add("accelerator_label_id", json!(label));
        }
        if let Some(seconds) = self.timeout {
            add("timeout", json!(seconds));
            add("kill_on_timeout", json!(true));
        }
        Value::Object(body)
    }

    /// Whether a job that is there does what this one asks for.
    fn is(&self, job: &Job) -> bool {
        job.script == self.script
            && job.arguments == self.arguments
            && job.runtime_identifier == self.runtime
            && job.environment == self.environment
            && job.nvidia_gpu == i64::from(self.gpus)
    }
}

impl Workbench {
    /// Every job of the project.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn jobs(&self) -> Result<Vec<Job>> {
        let about = self.about("list the jobs", "jobs");
        self.list(Call::get(self.inside(&["jobs"]), about), "jobs").await
    }

    /// The jobs with exactly this name.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn jobs_named(&self, name: &str) -> Result<Vec<Job>> {
        let about = self.about(format!("look for the job '{name}'"), "jobs");
        let mut call = Call::get(self.inside(&["jobs"]), about);
        // The filter takes parts of names, too.
        call.query.push(("search_filter", json!({"name": name}).to_string()));
        let found: Vec<Job> = self.list(call, "jobs").await?;
        Ok(found.into_iter().filter(|job| job.name == name).collect())
    }

    /// A job.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn job(&self, id: &str) -> Result<Job> {
        let about = self.about(format!("read the job '{id}'"), &format!("job '{id}'"));
        self.json(&Call::get(self.inside(&["jobs", id]), about)).await
    }

    /// Makes a job, unless there is one of the name that does the same. It starts nothing.
    ///
    /// # Errors
    /// As every call: see [`Fault`]; [`Fault::Conflict`] if a job of the name does something else, or several have it.
    pub async fn make_job(&self, request: &JobRequest) -> Result<Made<Job>> {
        let name = &request.name;
        let mut known = self.jobs_named(name).await?;
        if known.len() > 1 {
            let message =
                format!("The project '{}' has {} jobs named '{name}'.", self.project_id(), known.len());
            return Err(Failure::new(Fault::Conflict, message).hint("Delete those that are not needed."));
        }
        if let Some(job) = known.pop() {
            if request.is(&job) {
                return Ok(Made { made: job, new: false });
            }
            let message = format!(
                "The project '{}' has a job named '{name}' that does something else.",
                self.project_id()
            );
            return Err(Failure::new(Fault::Conflict, message).hint("Rename or delete that job."));
        }
        let about = self.about(format!("make the job '{name}'"), "place for jobs");
        let call = Call::post(self.inside(&["jobs"]), request.body(self.project_id()), about);
        let made = self.make(&call, move || self.jobs_named(name)).await?;
        Ok(Made { made, new: true })
    }

    /// Deletes a job, with the runs that it has had. Nothing happens if it is gone.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn delete_job(&self, id: &str) -> Result<()> {
        let about = self.about(format!("delete the job '{id}'"), &format!("job '{id}'"));
        self.delete(Call::new(Method::DELETE, self.inside(&["jobs", id]), about)).await
    }

    /// Deletes something. Nothing happens if it is gone.
    pub(crate) async fn delete(&self, call: Call<'_>) -> Result<()> {
        match self.json::<Value>(&call).await {
            Ok(_) => Ok(()),
            Err(failure) if failure.fault == Fault::NotFound => Ok(()),
            Err(failure) => Err(failure),
        }
    }
}
