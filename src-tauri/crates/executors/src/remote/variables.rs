//! The environment variables of a worker there.

use hub::Hub;
use run_folder::is_of_this_machine;
use schema::Result;

use super::job::Job;

/// What MLflow's client reads. The address may carry credentials.
const TRACKING_URI: &str = "MLFLOW_TRACKING_URI";
const TRACKING: [&str; 4] =
    [TRACKING_URI, "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN"];

/// The variables of a worker, and those of them that are secret. The latter reach it by the standard input of what
/// starts it, and are hidden in the copies of what it writes.
#[derive(Clone, Default)]
pub(super) struct WorkerVariables {
    pub(super) public: Vec<(String, String)>,
    pub(super) secret: Vec<(String, String)>,
}

impl WorkerVariables {
    /// Those of the Hub.
    pub(super) async fn of_hub(hub: &Hub) -> Result<Self> {
        Ok(Self::divided(hub.worker_environment().await?.into_iter().collect()))
    }

    /// Those of the Hub, and those of MLflow where its server is no matter of this machine.
    pub(super) async fn new(hub: &Hub, job: &Job) -> Result<Self> {
        let mut variables: Vec<_> = hub.worker_environment().await?.into_iter().collect();
        let of_person = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        if !is_of_this_machine(job.tracking_uri()) {
            let set = TRACKING.iter().filter_map(|name| Some(((*name).to_owned(), of_person(name)?)));
            variables.extend(set);
        }
        Ok(Self::divided(variables))
    }

    fn divided(variables: Vec<(String, String)>) -> Self {
        let is_secret = |(name, value): &(String, String)| {
            platform::is_secret_variable(name) || (name == TRACKING_URI && value.contains('@'))
        };
        let (secret, public) = variables.into_iter().partition(is_secret);
        Self { public, secret }
    }

    /// The values to hide.
    pub(super) fn hidden(&self) -> Vec<String> {
        self.secret.iter().map(|(_, value)| value.clone()).collect()
    }
}
