//! Runs of jobs.

use std::{collections::BTreeMap, convert::Infallible, fmt, str::FromStr};

use serde::{Deserialize, Deserializer};
use serde_json::json;

use crate::{
    client::{Call, Workbench},
    failure::{Fault, Result},
    jobs::Made,
    making::Named,
    shapes,
};

/// The variable by which a run is found again that was started with a mark.
pub const MARK: &str = "FTS_START_MARK";

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RunState {
    /// It waits for a place.
    Scheduling,
    /// Its container starts.
    Starting,
    /// Its script runs.
    Running,
    /// It was asked to stop.
    Stopping,
    /// It was stopped.
    Stopped,
    /// Its script ended with success.
    Succeeded,
    /// Its script ended otherwise.
    Failed,
    /// It took too long.
    TimedOut,
    /// The workbench does not know.
    #[default]
    Unknown,
    /// A word of a newer workbench.
    Other(String),
}

impl RunState {
    /// Whether it has ended. Of a word that is not known, nobody can say.
    pub fn has_ended(&self) -> bool {
        matches!(self, Self::Stopped | Self::Succeeded | Self::Failed | Self::TimedOut)
    }

    /// The word without its prefix, in small letters, as older answers have it: `timedout`.
    pub fn word(&self) -> &str {
        match self {
            Self::Scheduling => "scheduling",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::TimedOut => "timedout",
            Self::Unknown => "unknown",
            Self::Other(word) => word,
        }
    }
}

impl FromStr for RunState {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let word = text.trim().to_lowercase();
        let word = word.strip_prefix("engine_").unwrap_or(&word);
        Ok(match word {
            "scheduling" => Self::Scheduling,
            "starting" => Self::Starting,
            "running" => Self::Running,
            "stopping" => Self::Stopping,
            "stopped" => Self::Stopped,
            "succeeded" => Self::Succeeded,
            "failed" => Self::Failed,
            "timedout" => Self::TimedOut,
            "unknown" | "" => Self::Unknown,
            other => Self::Other(other.to_owned()),
        })
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl<'de> Deserialize<'de> for RunState {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Ok(state) = shapes::text(from)?.parse();
        Ok(state)
    }
}

/// A run of a job.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct JobRun {
    /// Its id.
    #[serde(deserialize_with = "shapes::text")]
    pub id: String,
    /// How it stands.
    pub status: RunState,
    /// Its variables, as far as the workbench shows them.
    #[serde(deserialize_with = "shapes::variables")]
    pub environment: BTreeMap<String, String>,
    /// What its script found in `JOB_ARGUMENTS`.
    #[serde(deserialize_with = "shapes::text")]
    pub arguments: String,
    /// When it was started, by the clock there: RFC 3339.
    pub created_at: Option<String>,
    /// When its script began, by the clock there.
    pub running_at: Option<String>,
    /// When it ended, by the clock there.
    pub finished_at: Option<String>,
}

impl Named for JobRun {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Workbench {
    /// Every run of a job, the newest first.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn job_runs(&self, job: &str) -> Result<Vec<JobRun>> {
        let about = self.about(format!("list the runs of the job '{job}'"), &format!("job '{job}'"));
        let mut call = Call::get(self.inside(&["jobs", job, "runs"]), about);
        call.query.push(("sort", "-created_at".to_owned()));
        self.list(call, "job_runs").await
    }

    /// A run of a job.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn job_run(&self, job: &str, id: &str) -> Result<JobRun> {
        let about = self.about(format!("read the run '{id}'"), &format!("run '{id}' of the job '{job}'"));
        self.json(&Call::get(self.inside(&["jobs", job, "runs", id]), about)).await
    }

    /// Starts a run of a job, once for a mark: a second call with it finds the first one's run, if the workbench shows
    /// the variables of runs. The script has the mark in its variables, too.
    ///
    /// The job's own arguments are used, because workbenches are said to ignore those of a run.
    ///
    /// # Errors
    /// As every call: see [`Fault`]; [`Fault::RunActive`] if a run of another mark is active, [`Fault::Quota`] if there
    /// is no room for it.
    pub async fn start_run(
        &self,
        job: &str,
        mark: &str,
        environment: &BTreeMap<String, String>,
    ) -> Result<Made<JobRun>> {
        let marked = |run: &JobRun| run.environment.get(MARK).is_some_and(|found| found == mark);
        if let Some(made) = self.job_runs(job).await?.into_iter().find(marked) {
            return Ok(Made { made, new: false });
        }
        let mut environment = environment.clone();
        environment.insert(MARK.to_owned(), mark.to_owned());
        let body = json!({"project_id": self.project_id(), "job_id": job, "environment": environment});
        let about = self.about(format!("start a run of the job '{job}'"), &format!("job '{job}'"));
        let call = Call::post(self.inside(&["jobs", job, "runs"]), body, about);
        let made = self.make(&call, move || self.started(job)).await?;
        Ok(Made { made, new: true })
    }

    /// The runs of a job that were really started: some workbenches list refused ones, too.
    pub(crate) async fn started(&self, job: &str) -> Result<Vec<JobRun>> {
        let runs = self.job_runs(job).await?;
        let refused = |run: &JobRun| match &run.status {
            RunState::Unknown => run.finished_at.is_some(),
            RunState::Other(word) => word.contains("skipped"),
            _ => false,
        };
        Ok(runs.into_iter().filter(|run| !refused(run)).collect())
    }

    /// Asks a run to stop. One that has ended stays as it is.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn stop_run(&self, job: &str, id: &str) -> Result<JobRun> {
        let about = self.about(format!("stop the run '{id}'"), &format!("run '{id}' of the job '{job}'"));
        let call = Call::post(self.inside(&["jobs", job, "runs", id]), json!({}), about).verb("stop");
        let stopped = self.json(&call).await;
        match stopped {
            // It may have ended in the meantime.
            Err(failure) if matches!(failure.fault, Fault::Refused | Fault::Conflict) => {
                let run = self.job_run(job, id).await?;
                if run.status.has_ended() { Ok(run) } else { Err(failure) }
            }
            other => other,
        }
    }
}
