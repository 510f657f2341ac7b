//! Workers as processes of the target, which outlive the connection.

use std::collections::BTreeMap;

use schema::{Error, ErrorCode, Result};

use crate::{
    connection::Connection,
    launch::{
        launcher::{Condition, Launch, Launcher, RunThere, Started},
        shell::with_setup,
    },
    target::TargetSettings,
    workers::{Handle, Look},
};

/// Starts workers as processes.
#[derive(Debug)]
pub(super) struct ProcessLauncher;

#[async_trait::async_trait]
impl Launcher for ProcessLauncher {
    async fn start(&self, connection: &Connection, launch: &Launch) -> Result<Started> {
        let there = connection.prepared().await?;
        let mut environment: BTreeMap<String, String> = launch.environment.iter().cloned().collect();
        environment.insert("FTS_RUN_ATTEMPT".to_owned(), launch.attempt.to_string());
        environment.insert("PYTHONPATH".to_owned(), format!("{}/{}", there.folder, launch.worker));
        environment.insert("PYTHONUNBUFFERED".to_owned(), "1".to_owned());
        let secrets = launch.secrets.iter().cloned().collect();
        let command =
            command(connection.settings().options.setup.as_deref(), &there.python(&launch.python), launch);
        let started =
            connection.start_worker(&launch.folder, launch.attempt, &command, &environment, &secrets).await?;
        Ok(Started { handle: text(&started.handle)?, new: started.new })
    }

    async fn look(&self, connection: &Connection, runs: &[RunThere<'_>]) -> Result<Vec<Condition>> {
        let folders: Vec<&str> = runs.iter().map(|run| run.folder).collect();
        let looks = connection.look(&folders).await?;
        if looks.len() != runs.len() {
            return Err(Error::internal("looking at runs of a target", &looks.len()));
        }
        for (look, run) in looks.iter().zip(runs) {
            // What a worker left behind would hold the run's lock, and its device, for ever.
            let is_started = look.handle.as_ref().is_some_and(|handle| handle.attempt == run.attempt);
            if look.held && is_started && look.exit.is_some() {
                connection.signal(run.folder, true).await?;
            }
        }
        looks.into_iter().zip(runs).map(|(look, run)| condition(look, run.attempt)).collect()
    }

    async fn stop(&self, connection: &Connection, run: RunThere<'_>, force: bool) -> Result<()> {
        connection.signal(run.folder, force).await
    }

    fn commands(&self, settings: &TargetSettings) -> Vec<String> {
        let setup = settings.options.setup.iter().flat_map(|setup| setup.lines());
        let setup = setup.map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        let own = format!("{}/env/HASH/bin/python", settings.folder.trim_end_matches('/'));
        let python = settings.python.as_deref().unwrap_or(&own);
        let workers = ["run .", "serve"].map(|what| format!("{python} -m fine_tuning_worker {what}"));
        setup.chain(workers).collect()
    }
}

/// The command of the worker, with the target's setup lines before it.
fn command(setup: Option<&str>, python: &str, launch: &Launch) -> Vec<String> {
    // The worker starts the processes that train together itself.
    let mut command = [python, "-u", "-m", &launch.module].map(str::to_owned).to_vec();
    command.extend(launch.arguments.iter().cloned());
    match setup.filter(|setup| !setup.trim().is_empty()) {
        Some(setup) => with_setup(setup, command),
        None => command,
    }
}

fn condition(look: Look, attempt: u32) -> Result<Condition> {
    if !look.there {
        return Ok(Condition::FolderGone);
    }
    let Some(handle) = look.handle.filter(|handle| handle.attempt == attempt) else {
        return Ok(Condition::NotStarted);
    };
    if look.held {
        return Ok(Condition::Running { handle: text(&handle)? });
    }
    if let Some(exit) = look.exit {
        return Ok(Condition::Ended { exit: Some(exit), why: None });
    }
    let host = handle.host;
    Ok(Condition::Vanished(if look.rebooted {
        format!("{host} was restarted.")
    } else if look.free_bytes.is_some_and(|free| free < NO_ROOM) {
        format!("The worker on {host} is gone, and there is no room on its disk.")
    } else {
        format!("The worker on {host} was killed, together with the process that waited for it.")
    }))
}

/// With fewer bytes, a full disk is the likely reason of an end without an exit code.
const NO_ROOM: u64 = 1 << 20;

fn text(handle: &Handle) -> Result<String> {
    serde_json::to_string(handle)
        .map_err(|error| Error::new(ErrorCode::Internal, format!("A handle could not be written: {error}.")))
}
