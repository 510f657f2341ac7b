//! A cluster, its login node, and a run's folder there.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use compute::{
    Condition, Connection, Launch, Launcher, RunThere, SlurmLauncher, Started, TargetKind, TargetOptions,
    TargetSettings,
};
use tempfile::TempDir;
use test_hosts::{Slurm, SlurmOptions, Sshd};

/// A worker for tests. It says what it has, and ends by itself with the code in the file `go`, or when it is asked to.
const WORKER: &str = r#"
import os, signal, sys, time
def stopped(*_):
    print("asked to stop", flush=True)
    if "slow" in sys.argv:
        time.sleep(6)
        open("saved", "w").close()
    sys.exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN if "deaf" in sys.argv else stopped)
open("pid", "w").write(str(os.getpid()))
print("attempt", os.environ["FTS_RUN_ATTEMPT"], "token", len(os.environ.get("HF_TOKEN", "")), flush=True)
print("setup", os.environ.get("FROM_SETUP"), "timelimit", os.environ.get("SBATCH_TIMELIMIT"), flush=True)
taken = b"x" * (200 << 20) if "hungry" in sys.argv else b""
while not os.path.exists("go"): time.sleep(0.02)
sys.exit(int(open("go").read() or 0))
"#;

/// A cluster with its login node.
pub(crate) struct Cluster {
    pub(crate) slurm: Slurm,
    pub(crate) connection: Connection,
    pub(crate) launcher: SlurmLauncher,
    settings: TargetSettings,
    // The server ends, and the folder goes, after the connection.
    _sshd: Sshd,
    folder: TempDir,
}

impl Cluster {
    /// None, with a line that says so, where there is no Slurm or no SSH server.
    pub(crate) async fn new(nodes: usize, options: TargetOptions) -> Option<Self> {
        Self::with(SlurmOptions { nodes, ..SlurmOptions::default() }, options, TempDir::new().unwrap()).await
    }

    /// As [`Self::new`], with the target's folder below a given one.
    pub(crate) async fn with(slurm: SlurmOptions, options: TargetOptions, folder: TempDir) -> Option<Self> {
        let slurm = Slurm::or_skip(&slurm)?;
        // What a person's own settings would change.
        let variables = format!(
            "SetEnv SLURM_CONF={} SBATCH_TIMELIMIT=1 SQUEUE_FORMAT=%A HF_TOKEN=of-the-login-node",
            slurm.configuration().display()
        );
        let sshd = Sshd::start_with(&[&variables])?;
        let settings = TargetSettings {
            kind: TargetKind::Slurm,
            host: Sshd::HOST.to_owned(),
            folder: folder.path().join("there").to_string_lossy().into_owned(),
            python: None,
            ssh_config: Some(sshd.config().to_string_lossy().into_owned()),
            options,
        };
        let connection = Connection::new(settings.clone());
        connection.prepare().await.unwrap();
        connection.write("worker/standin.py", WORKER.as_bytes()).await.unwrap();
        Some(Self { slurm, connection, launcher: launcher(), settings, _sshd: sshd, folder })
    }

    /// What another studio, or this one after a restart, sees: a connection and a launcher that know nothing yet.
    pub(crate) fn anew(&mut self) {
        self.connection = Connection::new(self.settings.clone());
        self.launcher = launcher();
    }

    /// A path below the target's folder.
    pub(crate) fn there(&self, path: &str) -> PathBuf {
        self.folder.path().join("there").join(path)
    }

    /// A worker whose run folder lies there.
    pub(crate) async fn launch(&self, run: &str) -> Launch {
        let folder = format!("runs/{run}");
        self.connection.write(&format!("{folder}/job.json"), b"{}").await.unwrap();
        Launch {
            run: run.to_owned(),
            folder,
            attempt: 1,
            python: "python3".to_owned(),
            worker: "worker".to_owned(),
            module: "standin".to_owned(),
            arguments: vec!["run".to_owned(), ".".to_owned()],
            environment: Vec::new(),
            secrets: Vec::new(),
            nodes: 1,
            processes: 1,
        }
    }

    pub(crate) async fn start(&self, launch: &Launch) -> Started {
        self.launcher.start(&self.connection, launch).await.unwrap()
    }

    /// Starts a worker and waits until it works.
    pub(crate) async fn running(&self, run: &str) -> Launch {
        let launch = self.launch(run).await;
        self.start(&launch).await;
        self.works(&launch).await;
        launch
    }

    /// Waits until a worker says that it works.
    pub(crate) async fn works(&self, launch: &Launch) {
        self.until("the worker works", || self.log(launch).contains("attempt")).await;
    }

    /// Lets a worker end with that code.
    pub(crate) fn go(&self, launch: &Launch, code: i32) {
        let go = self.there(&launch.folder).join("go");
        // By one rename, since the worker waits for the name.
        fs::write(go.with_extension("part"), code.to_string()).unwrap();
        fs::rename(go.with_extension("part"), go).unwrap();
    }

    pub(crate) fn log(&self, launch: &Launch) -> String {
        fs::read_to_string(self.there(&launch.folder).join("log.txt")).unwrap_or_default()
    }

    pub(crate) async fn look(&self, launch: &Launch) -> schema::Result<Condition> {
        let run =
            RunThere { run: &launch.run, folder: &launch.folder, attempt: launch.attempt, handle: None };
        Ok(self.launcher.look(&self.connection, &[run]).await?.remove(0))
    }

    pub(crate) async fn stop(&self, launch: &Launch, force: bool) {
        let run =
            RunThere { run: &launch.run, folder: &launch.folder, attempt: launch.attempt, handle: None };
        self.launcher.stop(&self.connection, run, force).await.unwrap();
    }

    /// Looks until the condition is of that kind.
    pub(crate) async fn wait_for(&self, launch: &Launch, wanted: impl Fn(&Condition) -> bool) -> Condition {
        let started = Instant::now();
        loop {
            let condition = self.look(launch).await.unwrap();
            if wanted(&condition) {
                return condition;
            }
            assert!(started.elapsed() < PATIENCE, "{condition:?}\n{}", self.log(launch));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits for the end, and gives the exit code and what is said about it.
    pub(crate) async fn ended(&self, launch: &Launch) -> (Option<i32>, Option<String>) {
        match self.wait_for(launch, |condition| matches!(condition, Condition::Ended { .. })).await {
            Condition::Ended { exit, why } => (exit, why),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn until(&self, what: &str, so: impl Fn() -> bool) {
        let started = Instant::now();
        while !so() {
            assert!(started.elapsed() < PATIENCE, "not so: {what}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What a client of Slurm prints.
    pub(crate) fn ask(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.slurm.run(program, arguments);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

/// How long a busy machine may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// One that asks as often as it is asked itself.
fn launcher() -> SlurmLauncher {
    SlurmLauncher::with_pauses(Duration::ZERO, Duration::ZERO)
}

/// The reason for which a worker waits.
pub(crate) fn reason(condition: &Condition) -> Option<&str> {
    match condition {
        Condition::Waiting { reason, .. } => reason.as_deref(),
        _ => None,
    }
}
