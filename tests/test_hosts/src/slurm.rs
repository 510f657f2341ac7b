//! A Slurm cluster on loopback: the real munged, slurmctld and slurmd, in a folder and on ports of their own.

mod guard;
mod networks;
mod options;

use std::{
    collections::BTreeSet,
    fs,
    io::Read as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{free_port, processes};
use guard::Guard;
use networks::Networks;
pub use options::SlurmOptions;
use options::{Addresses, CONTROL_GROUPS, configuration};

/// What a cluster needs beside the control groups of the system.
const PROGRAMS: [&str; 5] = ["munged", "slurmctld", "slurmd", "sbatch", "squeue"];

/// How long the programs of a busy machine may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A cluster whose programs and jobs run as the current user and end when this is dropped, also by a panic.
#[derive(Debug)]
pub struct Slurm {
    nodes: Vec<Option<Child>>,
    controller: Option<Child>,
    munge: Option<Child>,
    networks: Option<Networks>,
    _guard: Guard,
    folder: TempDir,
}

impl Slurm {
    /// A cluster that is ready for jobs, or the reason why this machine can't have one. Panics with the logs
    /// if its programs are there and do not work.
    pub fn new(options: &SlurmOptions) -> Result<Self, String> {
        can_run(options)?;
        let folder = tempfile::Builder::new().prefix("slurm-").tempdir().unwrap();
        let d = folder.path();
        for name in ["state", "spool", "munge"] {
            fs::DirBuilder::new().mode(0o755).create(d.join(name)).unwrap();
        }
        for number in 1..=options.nodes {
            fs::create_dir(d.join(format!("spool/n{number}"))).unwrap();
        }
        let mut key = [0; 128];
        fs::File::open("/dev/urandom").unwrap().read_exact(&mut key).unwrap();
        let mut new = fs::OpenOptions::new();
        std::io::Write::write_all(
            &mut new.write(true).create_new(true).mode(0o400).open(d.join("munge/key")).unwrap(),
            &key,
        )
        .unwrap();

        let port = free_port();
        let networks = options.networks.then(|| Networks::new(options, port, d));
        let address = |number| match &networks {
            Some(networks) => networks.node(number),
            None => "127.0.0.1".to_owned(),
        };
        let addresses = Addresses {
            controller: (
                networks.as_ref().map_or_else(|| "127.0.0.1".to_owned(), Networks::controller),
                port,
            ),
            nodes: (1..=options.nodes).map(|number| (address(number), free_port())).collect(),
        };
        let text = configuration(options, d, (&output("id", &["-un"]), &hostname()), &addresses);
        fs::write(d.join("slurm.conf"), text).unwrap();
        if options.memory_limits {
            fs::write(d.join("cgroup.conf"), CONTROL_GROUPS).unwrap();
        }

        let nodes = (0..options.nodes).map(|_| None).collect();
        let _guard = Guard::new(d, networks.as_ref().map(Networks::word));
        let mut cluster = Self { nodes, controller: None, munge: None, networks, _guard, folder };
        cluster.start_munge();
        cluster.start_controller();
        for number in 1..=options.nodes {
            cluster.start_node(number);
        }
        cluster.wait_until("all nodes are idle", |cluster| {
            let found = cluster.run("sinfo", &["-h", "-N", "-o", "%T %N"]);
            let states = String::from_utf8_lossy(&found.stdout).into_owned();
            // A node has a line for each of its partitions.
            let idle: BTreeSet<_> = states.lines().filter(|state| state.starts_with("idle ")).collect();
            idle.len() == options.nodes
        });
        Ok(cluster)
    }

    /// As [`Self::new`]; where this machine can't have a cluster, prints a line that says why a test is
    /// skipped.
    pub fn or_skip(options: &SlurmOptions) -> Option<Self> {
        Self::new(options).map_err(|why| eprintln!("skipped, without a Slurm cluster: {why}")).ok()
    }

    /// Its `slurm.conf`, which clients find by the environment variable `SLURM_CONF`.
    pub fn configuration(&self) -> PathBuf {
        self.folder.path().join("slurm.conf")
    }

    /// The folder with the controller's state, in which it keeps scripts and environments of jobs.
    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// A command of this cluster.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("SLURM_CONF", self.configuration());
        command
    }

    /// Runs a client of this cluster to its end.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Output {
        self.command(program).args(arguments).output().unwrap()
    }

    /// Starts the authentication service.
    pub fn start_munge(&mut self) {
        let d = self.folder.path().join("munge");
        let option = |name: &str, file: &str| format!("--{name}={}", d.join(file).display());
        let mut command = self.command(&program("munged"));
        command.args(["--foreground", "--force", "--num-threads=2"]).args([
            option("key-file", "key"),
            option("socket", "socket"),
            option("pid-file", "pid"),
            option("log-file", "log"),
            option("seed-file", "seed"),
        ]);
        self.munge = Some(quiet(&mut command));
        self.wait_until("munged listens", |cluster| cluster.folder.path().join("munge/socket").exists());
    }

    /// Ends the authentication service.
    pub fn stop_munge(&mut self) {
        end(&mut self.munge);
    }

    /// Starts the controller, with the state that the last one left.
    pub fn start_controller(&mut self) {
        self.controller = Some(quiet(self.command(&program("slurmctld")).args(["-i", "-D"])));
        self.wait_until("slurmctld answers", |cluster| cluster.run("scontrol", &["ping"]).status.success());
    }

    /// Ends the controller with SIGTERM, on which it saves its state.
    pub fn stop_controller(&mut self) {
        end(&mut self.controller);
    }

    /// Starts the node of that number, from 1.
    pub fn start_node(&mut self, number: usize) {
        let slurmd = program("slurmd");
        let mut command = match &self.networks {
            Some(networks) => networks.command(number, self.folder.path(), &slurmd),
            None => Command::new(&slurmd),
        };
        command.env("SLURM_CONF", self.configuration()).args(["-D", "-N", &format!("n{number}")]);
        self.nodes[number - 1] = Some(quiet(&mut command));
    }

    /// Kills the node of that number with everything that runs there, as a loss of power does.
    pub fn kill_node(&mut self, number: usize) {
        processes::kill_of_cluster(&self.configuration(), Some(&format!("n{number}")));
        if let Some(mut node) = self.nodes[number - 1].take() {
            let _ = node.kill();
            let _ = node.wait();
        }
    }

    /// Cuts the node of that number off from the network, or connects it again. Only for clusters with
    /// [`SlurmOptions::networks`].
    pub fn connect_node(&self, number: usize, connected: bool) {
        self.networks.as_ref().unwrap().connect(number, connected);
    }

    /// Waits until that is so. Panics with the ends of the logs if it does not become so.
    pub fn wait_until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        let started = Instant::now();
        while !so(self) {
            assert!(started.elapsed() < PATIENCE, "not in {PATIENCE:?}: {what}.\n{}", self.logs());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn logs(&self) -> String {
        let logs = fs::read_dir(self.folder.path()).unwrap().filter_map(Result::ok).map(|entry| entry.path());
        let of = |path: PathBuf| {
            let text = fs::read_to_string(&path).unwrap_or_default();
            let lines: Vec<&str> = text.lines().rev().take(8).collect();
            format!("{}:\n{}\n", path.display(), lines.into_iter().rev().collect::<Vec<_>>().join("\n"))
        };
        logs.filter(|path| path.extension().is_some_and(|extension| extension == "log")).map(of).collect()
    }
}

impl Drop for Slurm {
    fn drop(&mut self) {
        for node in &mut self.nodes {
            end(node);
        }
        end(&mut self.controller);
        end(&mut self.munge);
        // Jobs and their steps outlive the programs that started them.
        processes::kill_of_cluster(&self.configuration(), None);
        for number in 1..=self.nodes.len() {
            // Left by a node that limits memory. One that is in use is not removed.
            let _ = fs::remove_dir(format!("/sys/fs/cgroup/memory/slurm_n{number}"));
        }
    }
}

/// Why this machine can't have a cluster.
fn can_run(options: &SlurmOptions) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("Slurm runs on Linux.".to_owned());
    }
    if let Some(missing) = PROGRAMS.iter().find(|name| !Path::new(&program(name)).exists()) {
        return Err(format!(
            "{missing} is missing; the packages slurmctld, slurmd, slurm-client and munge have it."
        ));
    }
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    if !mounts.lines().any(|line| line.split(' ').nth(1) == Some("/sys/fs/cgroup")) {
        return Err(
            "no file system is mounted on /sys/fs/cgroup, without which slurmd does not start.".into()
        );
    }
    if options.memory_limits && !Path::new("/sys/fs/cgroup/memory/tasks").exists() {
        return Err("there are no control groups of version 1 for memory.".to_owned());
    }
    if options.networks && output("id", &["-u"]) != "0" {
        return Err("only root can give the nodes networks of their own.".to_owned());
    }
    if options.networks && !Command::new("ip").arg("netns").output().is_ok_and(|o| o.status.success()) {
        return Err("the program ip of the package iproute2 is missing.".to_owned());
    }
    Ok(())
}

/// The path of a program, which may lie where only root looks for programs.
fn program(name: &str) -> String {
    let folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
    let found = folders.iter().map(|folder| format!("{folder}/{name}")).find(|path| Path::new(path).exists());
    found.unwrap_or_else(|| name.to_owned())
}

/// Starts a program that writes to no terminal.
fn quiet(command: &mut Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Ends a program with SIGTERM, and by force if that takes too long.
fn end(child: &mut Option<Child>) {
    let Some(mut child) = child.take() else { return };
    processes::terminate(child.id());
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(10) {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn hostname() -> String {
    output("hostname", &["-s"])
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
