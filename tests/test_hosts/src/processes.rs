//! Processes of servers that tests started, found by what only they have in their environment.

use std::{
    ffi::OsString,
    fs::{self, DirEntry},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// How long killed processes may take to be gone on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks a process to end.
pub(crate) fn terminate(pid: u32) {
    let _ = Command::new("kill").args(["-TERM", &pid.to_string()]).status();
}

/// Kills every process whose environment has that value of the variable, and the path of the cluster's
/// configuration, and those that they start meanwhile. Returns once they are gone, or after some seconds.
pub(crate) fn kill_with_variable(name: &str, value: &str, configuration: &Path) {
    let wanted = [format!("{name}={value}"), format!("SLURM_CONF={}", configuration.display())];
    let started = Instant::now();
    loop {
        let found = with_variables(&wanted);
        if found.is_empty() || started.elapsed() > PATIENCE {
            return;
        }
        for process in found {
            let _ = Command::new("kill").arg("-KILL").arg(process).stderr(Stdio::null()).status();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The numbers of the processes whose environment has all of these variables. One that gave itself a title has some
/// of them on what is its command line then.
fn with_variables(wanted: &[String]) -> Vec<OsString> {
    let processes = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let has_all = |entry: &DirEntry| {
        let read = |name: &str| fs::read(entry.path().join(name)).unwrap_or_default();
        let both = [read("environ"), vec![0], read("cmdline")].concat();
        let words: Vec<&[u8]> = both.split(|byte| *byte == 0).collect();
        wanted.iter().all(|variable| words.contains(&variable.as_bytes()))
    };
    processes.filter(has_all).map(|entry| entry.file_name()).collect()
}
