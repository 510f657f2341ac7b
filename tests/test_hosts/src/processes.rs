//! Processes of servers that tests started, found by what only they have in their environment.

use std::{fs, path::Path, process::Command};

/// Asks a process to end.
pub(crate) fn terminate(pid: u32) {
    let _ = Command::new("kill").args(["-TERM", &pid.to_string()]).status();
}

/// Kills every process of the cluster with that configuration, or of one of its nodes.
pub(crate) fn kill_of_cluster(configuration: &Path, node: Option<&str>) {
    // None sees another end before it ends itself, as with a loss of power.
    for signal in ["-STOP", "-KILL"] {
        let Ok(processes) = fs::read_dir("/proc") else { return };
        for process in processes.filter_map(Result::ok) {
            let has = |variable: String| {
                let environment = fs::read(process.path().join("environ")).unwrap_or_default();
                environment.split(|byte| *byte == 0).any(|it| it == variable.as_bytes())
            };
            // What keeps a step has no name of a node in its environment, but the log of the node open.
            let is_of = |node: &str| {
                let log = configuration.with_file_name(format!("slurmd-{node}.log"));
                let files = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
                has(format!("SLURMD_NODENAME={node}"))
                    || files.filter_map(|file| fs::read_link(file.path()).ok()).any(|file| file == log)
            };
            if has(format!("SLURM_CONF={}", configuration.display())) && node.is_none_or(is_of) {
                let _ = Command::new("kill").arg(signal).arg(process.file_name()).status();
            }
        }
    }
}
