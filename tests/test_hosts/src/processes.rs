//! Processes of servers that tests started, found by what only they have in their environment.

use std::{
    fs::{self, DirEntry},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// How long killed processes may take to be gone on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks a process to end.
pub(crate) fn terminate(pid: u32) {
    let _ = Command::new("kill").args(["-TERM", &pid.to_string()]).status();
}

/// Kills every process of the cluster with that configuration, or of one of its nodes, and those that they start
/// meanwhile. Returns once they are gone, or after some seconds.
pub(crate) fn kill_of_cluster(configuration: &Path, node: Option<&str>) {
    let started = Instant::now();
    loop {
        let found = of_cluster(configuration, node);
        if found.is_empty() || started.elapsed() > PATIENCE {
            return;
        }
        // None sees another end before it ends itself, as with a loss of power.
        for signal in ["-STOP", "-KILL"] {
            for process in &found {
                let number = process.file_name().unwrap_or_default();
                let _ = Command::new("kill").arg(signal).arg(number).stderr(Stdio::null()).status();
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The folders below `/proc` of the processes of a cluster, or of one of its nodes.
fn of_cluster(configuration: &Path, node: Option<&str>) -> Vec<PathBuf> {
    let processes = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let is_of = |entry: &DirEntry| {
        let read = |name: &str| fs::read(entry.path().join(name)).unwrap_or_default();
        // A process that gave itself a title has some of its environment on what is its command line then.
        let both = [read("environ"), vec![0], read("cmdline")].concat();
        let has = |variable: String| both.split(|byte| *byte == 0).any(|it| it == variable.as_bytes());
        // What keeps a step has no name of a node in its environment, but the log of the node open.
        let is_on = |node: &str| {
            let log = configuration.with_file_name(format!("slurmd-{node}.log"));
            let files = fs::read_dir(entry.path().join("fd")).into_iter().flatten().flatten();
            has(format!("SLURMD_NODENAME={node}"))
                || files.filter_map(|file| fs::read_link(file.path()).ok()).any(|file| file == log)
        };
        has(format!("SLURM_CONF={}", configuration.display())) && node.is_none_or(is_on)
    };
    processes.filter(is_of).map(|entry| entry.path()).collect()
}
