//! Processes of servers that tests started, found by what only they have in their environment.

use std::{fs, path::Path, process::Command};

/// Asks a process to end.
pub(crate) fn terminate(pid: u32) {
    let _ = Command::new("kill").args(["-TERM", &pid.to_string()]).status();
}

/// Kills every process whose environment has that value of the variable, and the path of the cluster's
/// configuration.
pub(crate) fn kill_with_variable(name: &str, value: &str, configuration: &Path) {
    let (wanted, configuration) =
        (format!("{name}={value}"), format!("SLURM_CONF={}", configuration.display()));
    let Ok(processes) = fs::read_dir("/proc") else { return };
    for process in processes.filter_map(Result::ok) {
        let Ok(environment) = fs::read(process.path().join("environ")) else { continue };
        let has = |variable: &str| environment.split(|byte| *byte == 0).any(|it| it == variable.as_bytes());
        if has(&wanted) && has(&configuration) {
            let _ = Command::new("kill").arg("-KILL").arg(process.file_name()).status();
        }
    }
}
