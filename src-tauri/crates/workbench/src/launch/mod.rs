//! Workers as job runs of a workbench.
//!
//! Each attempt of a run has a job of its own, `fts-RUN-ATTEMPT`, whose one run starts the worker in the run's folder
//! of the project. Beside the worker's files, the folder has for each attempt
//!
//! - `workbench-ATTEMPT.py`, the job's script, and `workbench-ATTEMPT.json`, what it starts;
//! - `.tokens`, which the script removes when it starts: the only place for secrets, because everyone in the project
//!   sees the variables of jobs, and the worker's log is written without them;
//! - `stop`, by which a worker is asked to stop: stopping the run itself ends its container at once;
//! - `workbench-ATTEMPT.exit`, the worker's exit code, which a workbench does not keep.

use std::collections::BTreeMap;

use compute::{Condition, Launch, RunThere, Started};
use schema::{Error, ErrorCode};
use serde_json::json;

use crate::{
    client::Workbench,
    failure::{Failure, Fault, Result},
    job_runs::{JobRun, RunState},
    jobs::{Job, JobRequest},
};

/// The script of every job.
const SCRIPT: &str = include_str!("start.py");
/// The file that has the tokens for the worker until it starts.
const TOKENS: &str = ".tokens";
/// The file that asks the worker to stop.
const STOP: &str = "stop";
/// The most bytes of a file with an exit code.
const LONGEST_EXIT: i64 = 100;

/// What each run has there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunResources {
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
    /// After how many seconds a run is ended; never if there is none.
    pub timeout: Option<u32>,
}

impl Workbench {
    /// Starts a worker, once for a folder and attempt: a second call returns the handle of the first. The folder, the
    /// interpreter and the worker's package are paths from the project's folder, where they are not absolute.
    ///
    /// # Errors
    /// As every call: see [`Fault`]; [`Fault::Here`] if more than one node is asked for.
    pub async fn start_worker(&self, launch: &Launch, resources: &RunResources) -> Result<Started> {
        if launch.nodes > 1 {
            let message = format!("A run on a workbench has one node, and {} are asked for.", launch.nodes);
            return Err(Failure::here(
                Error::new(ErrorCode::Invalid, message).hint("Use one node, with as many GPUs as it has."),
            ));
        }
        let name = job_name(&launch.run, launch.attempt);
        if let Some((job, run)) = self.attempt(&name).await? {
            return Ok(Started { handle: handle(&job.id, &run.id), new: false });
        }
        let at = |file: &str| format!("{}/{file}", launch.folder);
        self.delete_file(&at(STOP)).await?;
        let script = at(&mark(launch.attempt, "py"));
        self.write_file(&at(&mark(launch.attempt, "json")), started(launch)?.as_bytes()).await?;
        self.write_file(&script, SCRIPT.as_bytes()).await?;
        if !launch.secrets.is_empty() {
            let tokens: BTreeMap<&str, &str> =
                launch.secrets.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            self.write_file(&at(TOKENS), json!(tokens).to_string().as_bytes()).await?;
        }
        let request = JobRequest {
            name: name.clone(),
            script,
            environment: BTreeMap::from([
                ("FTS_RUN_FOLDER".to_owned(), launch.folder.clone()),
                ("FTS_RUN_ATTEMPT".to_owned(), launch.attempt.to_string()),
            ]),
            arguments: String::new(),
            runtime: resources.runtime.clone(),
            addons: resources.addons.clone(),
            cpu: resources.cpu,
            memory: resources.memory,
            gpus: resources.gpus,
            gpu_label: resources.gpu_label,
            timeout: resources.timeout,
        };
        let begun = async {
            let job = self.make_job(&request).await?.made;
            let run = self.start_run(&job.id, &name, &BTreeMap::new()).await?;
            Ok(Started { handle: handle(&job.id, &run.made.id), new: run.new })
        };
        let begun: Result<Started> = begun.await;
        if begun.as_ref().is_err_and(|failure| !failure.may_be_done) {
            // Nothing will read them.
            self.delete_file(&at(TOKENS)).await?;
        }
        begun
    }

    /// How the workers stand, in their order.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn look_at_workers(&self, runs: &[RunThere<'_>]) -> Result<Vec<Condition>> {
        let mut conditions = Vec::with_capacity(runs.len());
        for run in runs {
            conditions.push(self.condition(*run).await?);
        }
        Ok(conditions)
    }

    /// Asks a worker to stop, or ends it by force. Nothing happens if it does not run.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn stop_worker(&self, run: RunThere<'_>, force: bool) -> Result<()> {
        let Some((job, at_work)) = self.found(run).await? else { return Ok(()) };
        if at_work.status.has_ended() {
            return Ok(());
        }
        // One that waits for a place has nothing to save.
        if force || at_work.status == RunState::Scheduling {
            self.stop_run(&job, &at_work.id).await?;
            return self.delete_file(&format!("{}/{TOKENS}", run.folder)).await;
        }
        self.write_file(&format!("{}/{STOP}", run.folder), b"").await
    }

    /// Deletes the job of an attempt, with what the workbench knows of its run. The folder stays.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn forget_worker(&self, run: RunThere<'_>) -> Result<()> {
        for job in self.jobs_named(&job_name(run.run, run.attempt)).await? {
            self.delete_job(&job.id).await?;
        }
        Ok(())
    }

    /// The job of an attempt and its run, if it was started.
    async fn attempt(&self, name: &str) -> Result<Option<(Job, JobRun)>> {
        for job in self.jobs_named(name).await? {
            if let Some(run) = self.started(&job.id).await?.into_iter().next() {
                return Ok(Some((job, run)));
            }
        }
        Ok(None)
    }

    /// The id of the job and the run of an attempt, if the workbench knows it.
    async fn found(&self, run: RunThere<'_>) -> Result<Option<(String, JobRun)>> {
        if let Some((job, id)) = run.handle.and_then(|handle| handle.split_once('/')) {
            return match self.job_run(job, id).await {
                Ok(found) => Ok(Some((job.to_owned(), found))),
                Err(failure) if failure.fault == Fault::NotFound => Ok(None),
                Err(failure) => Err(failure),
            };
        }
        let attempt = self.attempt(&job_name(run.run, run.attempt)).await?;
        Ok(attempt.map(|(job, run)| (job.id, run)))
    }

    async fn condition(&self, run: RunThere<'_>) -> Result<Condition> {
        let Some((job, found)) = self.found(run).await? else {
            if let Some(exit) = self.exit(run).await? {
                return Ok(Condition::Ended { exit: Some(exit), why: None });
            }
            // A project that is gone is no run that never was.
            self.project().await?;
            return Ok(match self.files(run.folder).await? {
                None => Condition::FolderGone,
                Some(_) if run.handle.is_none() => Condition::NotStarted,
                Some(_) => Condition::Vanished("The job was deleted on the workbench.".to_owned()),
            });
        };
        let handle = handle(&job, &found.id);
        Ok(match found.status {
            RunState::Scheduling | RunState::Starting => {
                let reason = match found.status {
                    RunState::Starting => "Its container starts.",
                    _ => "The workbench has no room for it yet.",
                };
                Condition::Waiting { handle, reason: Some(reason.to_owned()), place: None, starts_at: None }
            }
            RunState::Succeeded => Condition::Ended { exit: Some(0), why: None },
            RunState::Failed | RunState::Stopped | RunState::TimedOut => self.end(run, &found.status).await?,
            RunState::Running | RunState::Stopping | RunState::Unknown | RunState::Other(_) => {
                Condition::Running { handle }
            }
        })
    }

    /// The end of a run that did not succeed.
    async fn end(&self, run: RunThere<'_>, state: &RunState) -> Result<Condition> {
        let why = match state {
            RunState::Stopped => Some("The run was stopped on the workbench."),
            RunState::TimedOut => Some("The run took longer than the workbench lets it."),
            _ => None,
        };
        let exit = self.exit(run).await?;
        Ok(match (exit, why) {
            (None, None) => Condition::Vanished(
                "The run's container ended on the workbench. Its log there says more.".to_owned(),
            ),
            (exit, why) => Condition::Ended { exit, why: why.map(str::to_owned) },
        })
    }

    /// The worker's exit code, if it was noted.
    async fn exit(&self, run: RunThere<'_>) -> Result<Option<i32>> {
        let path = format!("{}/{}", run.folder, mark(run.attempt, "exit"));
        let noted = self.read_file(&path, LONGEST_EXIT).await?;
        Ok(noted.and_then(|noted| String::from_utf8(noted).ok()?.trim().parse().ok()))
    }
}

/// The name of an attempt's job, by which it is found when an answer is lost.
fn job_name(run: &str, attempt: u32) -> String {
    format!("fts-{run}-{attempt}")
}

fn mark(attempt: u32, ending: &str) -> String {
    format!("workbench-{attempt}.{ending}")
}

fn handle(job: &str, run: &str) -> String {
    format!("{job}/{run}")
}

/// What the script starts.
fn started(launch: &Launch) -> Result<String> {
    let mut environment: BTreeMap<&str, String> =
        launch.environment.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    environment.insert("PYTHONUNBUFFERED", "1".to_owned());
    environment.insert("FTS_RUN_ATTEMPT", launch.attempt.to_string());
    if launch.folder.starts_with('/') || launch.folder.split('/').any(|part| part == "..") {
        let message = format!("The folder '{}' is not in the project's folder.", launch.folder);
        return Err(Failure::here(Error::new(ErrorCode::Invalid, message)));
    }
    let started = json!({
        "python": launch.python, "worker": launch.worker, "module": launch.module, "arguments": launch.arguments,
        "environment": environment,
    });
    Ok(started.to_string())
}
