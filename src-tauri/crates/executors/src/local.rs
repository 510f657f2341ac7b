//! Workers on this machine: each in a process group of its own, so that it outlives the program.

use std::{
    collections::HashMap,
    fs::File,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

use hub::Hub;
use python::{EnvironmentKind, Python};
use schema::{Error, Result};
use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};
use tokio::sync::Notify;

use crate::{
    executor::{Executor, WorkerState},
    tasks::Tasks,
};
use run_folder::folder::RunFolder;

/// The environment variable with the number of the attempt, from 1.
const ATTEMPT: &str = "FTS_RUN_ATTEMPT";

/// Starts workers on this machine.
#[derive(Debug, Clone)]
pub struct LocalExecutor {
    python: Python,
    hub: Hub,
    /// The exit status of workers that this program started, by the run's folder.
    exits: Arc<Mutex<HashMap<std::path::PathBuf, ExitStatus>>>,
    changed: Arc<Notify>,
    tasks: Tasks,
}

impl LocalExecutor {
    /// `changed` is notified when a worker that this program started ends.
    pub fn new(python: Python, hub: Hub, changed: Arc<Notify>) -> Self {
        let tasks = Tasks::new(hub.clone(), Arc::clone(&changed));
        Self { python, hub, exits: Arc::default(), changed, tasks }
    }

    /// Waits for a worker in a thread, so that it does not stay a zombie and its end is noticed at once.
    fn wait_for(&self, mut child: Child, folder: &Path) {
        let (exits, changed, folder) =
            (Arc::clone(&self.exits), Arc::clone(&self.changed), folder.to_owned());
        std::thread::spawn(move || {
            if let Ok(status) = child.wait() {
                exits.lock().unwrap_or_else(PoisonError::into_inner).insert(folder, status);
            }
            changed.notify_waiters();
        });
    }
}

#[async_trait::async_trait]
impl Executor for LocalExecutor {
    async fn start(
        &self,
        folder: &RunFolder,
        environment: EnvironmentKind,
        attempt: u32,
        claim: File,
    ) -> Result<Option<String>> {
        if Tasks::has(folder, None) {
            return self.tasks.start(folder, attempt, claim).map(Some);
        }
        self.exits.lock().unwrap_or_else(PoisonError::into_inner).remove(folder.path());
        let worker = self.python.worker(environment).await?;
        let mut command = worker.command(&["run".as_ref(), folder.path().as_os_str()]);
        command.envs(self.hub.worker_environment().await?);
        let path = folder.log();
        let failed = |error: std::io::Error| Error::file("write", &path, &error);
        let log = File::options().create(true).append(true).open(&path).map_err(failed)?;
        command
            .current_dir(folder.path())
            .env(ATTEMPT, attempt.to_string())
            .stdin(Stdio::from(claim))
            .stdout(Stdio::from(log.try_clone().map_err(failed)?))
            .stderr(Stdio::from(log));
        new_process_group(&mut command);
        let program = Path::new(command.get_program()).to_owned();
        let child = command.spawn().map_err(|error| Error::file("start", &program, &error))?;
        let pid = Pid::from_u32(child.id());
        self.wait_for(child, folder.path());
        // A worker that ended already has no start time; its events say how it ended.
        let system = processes(ProcessesToUpdate::Some(&[pid]), Facts::Times).ok();
        let started = system.as_ref().and_then(|system| system.process(pid)).map_or(0, Process::start_time);
        Ok(Some(handle(pid, started)))
    }

    async fn state(&self, folder: &RunFolder, attempt: u32, handle: Option<&str>) -> WorkerState {
        if Tasks::has(folder, handle) {
            return self.tasks.state(folder, attempt);
        }
        if !folder.is_claimed() {
            let exits = self.exits.lock().unwrap_or_else(PoisonError::into_inner);
            return WorkerState::Ended(exits.get(folder.path()).map(ToString::to_string));
        }
        match worker(folder, handle) {
            Some(handle) => WorkerState::Running { handle },
            None => WorkerState::Held,
        }
    }

    async fn stop(&self, folder: &RunFolder, handle: Option<&str>, force: bool) {
        if Tasks::has(folder, handle) {
            return self.tasks.stop(folder);
        }
        // The process number may belong to another program by now.
        if !folder.is_claimed() {
            return;
        }
        if let Some(handle) = worker(folder, handle).or_else(|| handle.map(str::to_owned))
            && let Some((pid, _)) = parse(&handle)
        {
            signal_group(pid, force);
        }
        if force && let Ok(system) = processes(ProcessesToUpdate::All, Facts::All) {
            // A process that left the group still has the working directory and the environment of the
            // run. A shell that the user opened in the folder has another environment.
            let of_run = |process: &&Process| {
                let mut variables = process.environ().iter().filter_map(|variable| variable.to_str());
                let started_here = variables
                    .any(|variable| variable.split_once('=').is_some_and(|(name, _)| name == ATTEMPT));
                started_here && process.cwd() == Some(folder.path())
            };
            for process in system.processes().values().filter(of_run) {
                process.kill();
            }
        }
    }
}

/// The handle of a run's worker: `known` if that process still runs, or without one the first
/// process that was started with the folder as its argument.
fn worker(folder: &RunFolder, known: Option<&str>) -> Option<String> {
    if let Some((pid, started)) = known.and_then(parse) {
        let system = processes(ProcessesToUpdate::Some(&[pid]), Facts::Times).ok()?;
        if system.process(pid).is_some_and(|process| process.start_time() == started && is_alive(process)) {
            return known.map(str::to_owned);
        }
        return None;
    }
    let system = processes(ProcessesToUpdate::All, Facts::All).ok()?;
    let of_folder = |process: &&Process| {
        let named = process.cmd().iter().any(|word| word == folder.path().as_os_str());
        named && is_alive(process) && process.cwd() == Some(folder.path())
    };
    let first = system.processes().values().filter(of_folder).min_by_key(|process| process.start_time())?;
    Some(handle(first.pid(), first.start_time()))
}

fn is_alive(process: &Process) -> bool {
    !matches!(process.status(), sysinfo::ProcessStatus::Zombie | sysinfo::ProcessStatus::Dead)
}

/// What is read of processes: no more than needed, because workers are checked several times a
/// second.
enum Facts {
    /// Start time and status.
    Times,
    /// Command line, working directory and environment too.
    All,
}

fn processes(which: ProcessesToUpdate<'_>, facts: Facts) -> Result<System, sysinfo::Error> {
    let mut system = System::new()?;
    let times = ProcessRefreshKind::nothing().without_tasks();
    let facts = match facts {
        Facts::Times => times,
        Facts::All => {
            times.with_cmd(UpdateKind::Always).with_cwd(UpdateKind::Always).with_environ(UpdateKind::Always)
        }
    };
    system.refresh_processes_specifics(which, true, facts);
    Ok(system)
}

/// A process by its number and its start time in seconds since 1970: the system reuses numbers.
fn handle(pid: Pid, started: u64) -> String {
    format!("{pid}:{started}")
}

fn parse(handle: &str) -> Option<(Pid, u64)> {
    let (pid, started) = handle.split_once(':')?;
    Some((pid.parse().ok()?, started.parse().ok()?))
}

#[cfg(unix)]
fn new_process_group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn new_process_group(_command: &mut Command) {}

#[cfg(unix)]
fn signal_group(pid: Pid, force: bool) {
    use rustix::process::{Signal, kill_process_group};
    let Some(group) = i32::try_from(pid.as_u32()).ok().and_then(rustix::process::Pid::from_raw) else {
        return;
    };
    let signal = if force { Signal::KILL } else { Signal::TERM };
    if let Err(error) = kill_process_group(group, signal) {
        tracing::debug!("process group {pid}: {error}");
    }
}

/// Without signals there is only force.
#[cfg(not(unix))]
fn signal_group(pid: Pid, _force: bool) {
    if let Ok(system) = processes(ProcessesToUpdate::Some(&[pid]), Facts::Times)
        && let Some(process) = system.process(pid)
    {
        process.kill();
    }
}
