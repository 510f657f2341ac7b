//! The processes of job runs.

use std::{fs, process::Stdio, sync::Arc, time::Duration};

use serde_json::json;
use tokio::process::{Child, Command};

use crate::State;

/// How long a run has for its end once it is asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// A script without `__file__`, for which every `SystemExit` is a failure.
const JUPYTER: &str = "import sys
try:
    exec(compile(open(sys.argv[1]).read(), 'cell', 'exec'), {'__name__': '__main__'})
except SystemExit:
    sys.exit(1)
";

/// A process to start.
pub(crate) struct Order {
    /// The collection of the run.
    pub(crate) place: String,
    pub(crate) run: String,
    pub(crate) project: String,
    pub(crate) script: String,
    pub(crate) arguments: String,
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) timeout: Option<Duration>,
}

/// Starts the process of a run as soon as runs are not held back, and notes its states.
pub(crate) fn start(state: &Arc<State>, order: Order) {
    let stopped = state.stoppable(&order.run);
    let state = Arc::clone(state);
    tokio::spawn(async move {
        let mut held = state.held.subscribe();
        tokio::select! {
            () = stopped.notified() => return set(&state, &order, "ENGINE_STOPPED", "finished_at"),
            _ = held.wait_for(|held| !held) => {}
        }
        set(&state, &order, "ENGINE_STARTING", "starting_at");
        let Ok(mut child) = spawn(&state, &order) else {
            return set(&state, &order, "ENGINE_FAILED", "finished_at");
        };
        let group = child.id();
        state.groups.lock().unwrap().extend(group);
        set(&state, &order, "ENGINE_RUNNING", "running_at");
        let timeout = order.timeout.unwrap_or(Duration::from_secs(u32::MAX.into()));
        let end = tokio::select! {
            ended = child.wait() => match ended {
                Ok(status) if status.success() => "ENGINE_SUCCEEDED",
                _ => "ENGINE_FAILED",
            },
            () = stopped.notified() => {
                end(&mut child).await;
                "ENGINE_STOPPED"
            }
            () = tokio::time::sleep(timeout) => {
                end(&mut child).await;
                "ENGINE_TIMEDOUT"
            }
        };
        // What the script left behind ends with its pod.
        kill(group, rustix::process::Signal::KILL);
        state.groups.lock().unwrap().retain(|other| Some(*other) != group);
        set(&state, &order, end, "finished_at");
    });
}

fn spawn(state: &State, order: &Order) -> std::io::Result<Child> {
    let folder = state.project_folder(&order.project);
    let log = fs::File::create(state.log_path(&order.run))?;
    let behavior = state.behavior();
    let mut command = Command::new(&behavior.python);
    if behavior.jupyter_kernel {
        command.args(["-c", JUPYTER]);
    }
    let address = state.address();
    let domain = address.split("://").nth(1).unwrap_or_default();
    command
        .arg(&order.script)
        .current_dir(&folder)
        .env_clear()
        .envs(
            ["PATH", "HOME", "LANG", "TMPDIR"]
                .iter()
                .filter_map(|name| Some((name, std::env::var_os(name)?))),
        )
        .envs(order.variables.iter().map(|(name, value)| (name, value)))
        .env("JOB_ARGUMENTS", &order.arguments)
        .env("CDSW_PROJECT_ID", &order.project)
        .env("CDSW_API_URL", format!("{address}/api/v1"))
        .env("CDSW_DOMAIN", domain)
        .env("CDSW_APIV2_KEY", state.key())
        .env("CDSW_ENGINE_ID", &order.run)
        .env("CDSW_IP_ADDRESS", "127.0.0.1")
        .env("PROJECT_OWNER", "ada")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .process_group(0)
        .spawn()
}

/// Asks a process to end, and kills it after a while.
async fn end(child: &mut Child) {
    let group = child.id();
    kill(group, rustix::process::Signal::TERM);
    if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
        kill(group, rustix::process::Signal::KILL);
        _ = child.wait().await;
    }
}

pub(crate) fn kill(group: Option<u32>, signal: rustix::process::Signal) {
    let group = group.and_then(|group| rustix::process::Pid::from_raw(i32::try_from(group).ok()?));
    if let Some(group) = group {
        _ = rustix::process::kill_process_group(group, signal);
    }
}

fn set(state: &State, order: &Order, status: &str, time: &str) {
    let now = state.now();
    let mut world = state.world();
    // Its job may have been deleted.
    if let Ok(run) = world.get_mut(&order.place, &order.run) {
        // A run that is asked to stop keeps that state until its end.
        if time == "finished_at" || run["status"] != "ENGINE_STOPPING" {
            run["status"] = json!(status);
        }
        run[time] = json!(now);
    }
}
