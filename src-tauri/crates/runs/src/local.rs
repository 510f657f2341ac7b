//! Workers on this machine: processes of their own, in a process group of their own, that outlive
//! the studio.

use std::{
    collections::HashMap,
    fs::File,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

use hub::Hub;
use python::Python;
use schema::{Error, Result};
use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};
use tokio::sync::Notify;

use super::{
    executor::{Condition, Executor},
    folder::RunFolder,
};

/// The variable that tells a worker which attempt it is.
const ATTEMPT: &str = "FTS_RUN_ATTEMPT";

/// Workers on this machine.
#[derive(Debug, Clone)]
pub struct Local {
    python: Python,
    hub: Hub,
    /// How workers went out that this program started, by the run's folder.
    exits: Arc<Mutex<HashMap<std::path::PathBuf, ExitStatus>>>,
    /// Told when one does.
    changed: Arc<Notify>,
}

impl Local {
    pub fn new(python: Python, hub: Hub, changed: Arc<Notify>) -> Self {
        Self { python, hub, exits: Arc::default(), changed }
    }

    /// Waits for a worker's end, so that it does not stay a zombie and its end is noticed at once.
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
impl Executor for Local {
    async fn start(&self, folder: &RunFolder, attempt: u32, claim: File) -> Result<String> {
        self.exits.lock().unwrap_or_else(PoisonError::into_inner).remove(folder.path());
        let worker = self.python.worker().await?;
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
        group_of_its_own(&mut command);
        let program = Path::new(command.get_program()).to_owned();
        let child = command.spawn().map_err(|error| Error::file("start", &program, &error))?;
        let pid = Pid::from_u32(child.id());
        self.wait_for(child, folder.path());
        // A worker that is over already is told by its folder.
        let system = processes(ProcessesToUpdate::Some(&[pid]), Facts::Times).ok();
        let started = system.as_ref().and_then(|system| system.process(pid)).map_or(0, Process::start_time);
        Ok(handle(pid, started))
    }

    async fn look(&self, folder: &RunFolder, handle: Option<&str>) -> Condition {
        if !folder.is_claimed() {
            let exits = self.exits.lock().unwrap_or_else(PoisonError::into_inner);
            return Condition::Gone(exits.get(folder.path()).map(ToString::to_string));
        }
        match worker(folder, handle) {
            Some(handle) => Condition::Working { handle },
            None => Condition::Held,
        }
    }

    async fn stop(&self, folder: &RunFolder, handle: Option<&str>, force: bool) {
        // Who holds no claim is no part of the run, whatever its number.
        if !folder.is_claimed() {
            return;
        }
        if let Some(handle) = worker(folder, handle).or_else(|| handle.map(str::to_owned))
            && let Some((pid, _)) = parse(&handle)
        {
            signal_group(pid, force);
        }
        if force && let Ok(system) = processes(ProcessesToUpdate::All, Facts::All) {
            // Whatever left the group still works in the folder, in the environment it was given. A
            // shell that somebody opened there does not.
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

/// The worker of a run: the process of the handle if it still is that one, else the one that was
/// started for the folder.
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

/// What is read of processes. A run's worker is looked at several times a second, so no more than
/// needed.
enum Facts {
    /// When it started, and whether it is alive.
    Times,
    /// Its command, folder and environment, too.
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

/// A process by its number and when it started, in seconds since 1970: the number alone may by now
/// be another's.
fn handle(pid: Pid, started: u64) -> String {
    format!("{pid}:{started}")
}

fn parse(handle: &str) -> Option<(Pid, u64)> {
    let (pid, started) = handle.split_once(':')?;
    Some((pid.parse().ok()?, started.parse().ok()?))
}

#[cfg(unix)]
fn group_of_its_own(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn group_of_its_own(_command: &mut Command) {}

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

/// There is no polite way without signals.
#[cfg(not(unix))]
fn signal_group(pid: Pid, _force: bool) {
    if let Ok(system) = processes(ProcessesToUpdate::Some(&[pid]), Facts::Times)
        && let Some(process) = system.process(pid)
    {
        process.kill();
    }
}
