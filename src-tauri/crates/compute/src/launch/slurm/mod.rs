//! Workers as jobs of Slurm, submitted on a login node.
//!
//! Jobs are found by their names, states are asked for in the text forms that all versions since 19.05 share, and how an
//! attempt ended is kept in files of the run's folder, because Slurm forgets it within minutes.

mod answer;
mod attached;
mod cluster;
mod end;
mod jobs;
mod look;
mod marks;
mod pauses;
mod programs;
mod reason;
mod request;
mod script;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use schema::{Error, ErrorCode, Result};

use self::{
    answer::Answer,
    cluster::Cluster,
    jobs::{Stage, stage},
    marks::{Marks, STOP, TOKENS},
    pauses::Pauses,
};
use super::{
    launcher::{Condition, Launch, Launcher, RunThere, Started},
    shell::{lines_of_secrets, within},
};
use crate::{connection::Connection, target::TargetSettings};

/// Starts workers as jobs of Slurm.
#[derive(Debug)]
pub struct SlurmLauncher {
    pauses: Pauses,
    clusters: Mutex<HashMap<LoginNode, Arc<tokio::sync::Mutex<Cluster>>>>,
}

/// A host, and the SSH configuration by which it is found.
type LoginNode = (String, Option<String>);

impl Default for SlurmLauncher {
    fn default() -> Self {
        Self::with_pauses(Duration::from_secs(30), Duration::from_secs(10))
    }
}

impl SlurmLauncher {
    /// One that asks a controller no more often than that: while nothing changes, and around a change.
    pub fn with_pauses(calm: Duration, busy: Duration) -> Self {
        Self { pauses: Pauses { calm, busy }, clusters: Mutex::default() }
    }

    fn cluster(&self, connection: &Connection) -> Arc<tokio::sync::Mutex<Cluster>> {
        let settings = connection.settings();
        let key = (settings.host.clone(), settings.ssh_config.clone());
        let mut clusters = self.clusters.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(clusters.entry(key).or_default())
    }
}

#[async_trait::async_trait]
impl Launcher for SlurmLauncher {
    async fn start(&self, connection: &Connection, launch: &Launch) -> Result<Started> {
        let options = &connection.settings().options;
        let cluster = self.cluster(connection);
        let mut cluster = cluster.lock().await;
        let programs = cluster.programs(connection).await?;
        let name = request::job_name(&launch.run, launch.attempt);
        let script = script::script(options, launch, &programs.root)?;
        let folder = within(&programs.root, &launch.folder);
        let arguments = request::arguments(options, &name, &folder, launch.nodes.max(1));

        // The answer to an earlier call may have been lost.
        let marks = Marks::new(launch.attempt);
        let at = |file: &str| format!("{}/{file}", launch.folder);
        if let Some(handle) = look::text(connection, &at(&marks.started())).await? {
            return Ok(Started { handle, new: false });
        }
        if let Some(job) = cluster.ask(connection, &[&name]).await?.job(&name) {
            return Ok(Started { handle: job.id.clone(), new: false });
        }

        connection.remove(&at(STOP)).await?;
        if !launch.secrets.is_empty() {
            connection.write(&at(TOKENS), lines_of_secrets(&launch.secrets)?.as_bytes()).await?;
        }
        cluster.changed();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let answer = programs.run(connection, "sbatch", &arguments, Some(script.as_bytes())).await?;
        let refusal = match answer {
            Answer::Text(printed) => match number(&printed) {
                Some(handle) => return Ok(Started { handle, new: true }),
                None => format!("sbatch printed no number of a job: {}", printed.trim()),
            },
            Answer::NoSuchJob => "a job on which it depends is not known.".to_owned(),
            Answer::Refused(words) => words,
        };
        connection.remove(&at(TOKENS)).await?;
        Err(Error::new(ErrorCode::Invalid, format!("Slurm refused the job: {refusal}"))
            .hint("Change the target's options, then start the run again."))
    }

    async fn look(&self, connection: &Connection, runs: &[RunThere<'_>]) -> Result<Vec<Condition>> {
        let cluster = self.cluster(connection);
        let mut cluster = cluster.lock().await;
        look::look(&mut cluster, connection, runs, self.pauses).await
    }

    async fn stop(&self, connection: &Connection, run: RunThere<'_>, force: bool) -> Result<()> {
        let cluster = self.cluster(connection);
        let mut cluster = cluster.lock().await;
        let programs = cluster.programs(connection).await?;
        let name = request::job_name(run.run, run.attempt);
        let Some(job) = cluster.ask(connection, &[&name]).await?.job(&name).cloned() else { return Ok(()) };
        if stage(&job.state) == Stage::Over {
            return Ok(());
        }
        cluster.changed();
        // A job that starts just now finds this.
        connection.write(&format!("{}/{STOP}", run.folder), b"").await?;
        if stage(&job.state) == Stage::Running && !force {
            // The script passes it on. Its steps have programs of Slurm and of torch between, which wait for no worker.
            let signal = ["--batch", "--signal=TERM", &job.id];
            if matches!(programs.run(connection, "scancel", &signal, None).await?, Answer::Text(_)) {
                return Ok(());
            }
        }
        programs.run(connection, "scancel", &[&job.id], None).await?;
        connection.remove(&format!("{}/{TOKENS}", run.folder)).await
    }

    async fn around_attached(&self, connection: &Connection, line: &str) -> Result<Option<String>> {
        let cluster = self.cluster(connection);
        let programs = cluster.lock().await.programs(connection).await?;
        attached::script(connection, &programs, line).await.map(Some)
    }

    fn commands(&self, settings: &TargetSettings) -> Vec<String> {
        let folder = format!("{}/runs/RUN", settings.folder.trim_end_matches('/'));
        let nodes = settings.options.nodes.unwrap_or(1);
        let arguments = request::arguments(&settings.options, &request::job_name("RUN", 1), &folder, nodes);
        let mut commands = vec![format!("sbatch {}", arguments.join(" "))];
        commands.extend(settings.options.sbatch.iter().map(|line| format!("#SBATCH {line}")));
        commands.extend(settings.options.setup.iter().flat_map(|setup| setup.lines()).map(str::to_owned));
        if let Ok(arguments) = attached::arguments(&settings.options) {
            commands.push(format!("srun {}", arguments.join(" ")));
        }
        commands
    }
}

/// The number of a job that was submitted; several clusters put the name of theirs behind it.
fn number(printed: &str) -> Option<String> {
    let line = printed.lines().rfind(|line| line.starts_with(|first: char| first.is_ascii_digit()))?;
    line.trim().split(';').next().map(str::to_owned)
}
