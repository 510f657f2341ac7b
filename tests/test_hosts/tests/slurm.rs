//! The cluster for tests: it runs jobs, and leaves nothing behind.
#![cfg(unix)]

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use test_hosts::{Slurm, SlurmOptions};

/// Submits a job that goes on, and waits until it runs on that many nodes.
fn busy(slurm: &Slurm, nodes: usize) {
    let nodes = nodes.to_string();
    let sent = slurm.run(
        "sbatch",
        &["--parsable", "-o", "/dev/null", "-D", "/", "-N", &nodes, "--wrap", "srun sleep 120; sleep 120"],
    );
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let job = String::from_utf8(sent.stdout).unwrap();
    slurm.wait_until("the job runs", |slurm| {
        slurm.run("squeue", &["-h", "-o", "%T", "-j", job.trim()]).stdout == b"RUNNING\n"
    });
}

/// Processes that have the cluster's configuration in their environment or on their command line.
fn processes(configuration: &Path) -> Vec<String> {
    let text = configuration.parent().unwrap().display().to_string();
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let of = |path: &Path| {
        ["environ", "cmdline"].map(|name| std::fs::read(path.join(name)).unwrap_or_default()).concat()
    };
    let found = processes.map(|entry| String::from_utf8_lossy(&of(&entry.path())).into_owned());
    found.filter(|found| found.contains(&text)).collect()
}

#[test]
fn a_cluster_runs_jobs_and_nothing_of_it_is_left_after_a_panic() {
    let Some(slurm) = Slurm::or_skip(&SlurmOptions::default()) else { return };
    busy(&slurm, 2);
    let configuration = slurm.configuration();
    assert!(processes(&configuration).len() > 4);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
        let _dropped = slurm;
        panic!("as a test that fails");
    }));
    assert!(panicked.is_err());
    assert_eq!(processes(&configuration), Vec::<String>::new());
    assert!(!configuration.exists());
}

/// Set for the copy of a test that waits to be killed.
const IS_KILLED: &str = "FTS_TEST_IS_KILLED";

/// Starts a cluster with a job and waits to be killed.
fn busy_until_killed() {
    let Some(slurm) = Slurm::or_skip(&SlurmOptions { nodes: 1, ..SlurmOptions::default() }) else { return };
    busy(&slurm, 1);
    println!("configuration {}", slurm.configuration().display());
    loop {
        std::thread::park();
    }
}

#[test]
fn nothing_is_left_of_a_test_that_is_killed() {
    if std::env::var_os(IS_KILLED).is_some() {
        return busy_until_killed();
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "nothing_is_left_of_a_test_that_is_killed", "--nocapture"]);
    command.env(IS_KILLED, "yes").stdout(Stdio::piped());
    let mut test = command.spawn().unwrap();
    let lines = BufReader::new(test.stdout.take().unwrap()).lines().map_while(Result::ok);
    let found = lines.into_iter().find_map(|line| line.split("configuration ").nth(1).map(PathBuf::from));
    test.kill().unwrap();
    test.wait().unwrap();
    let Some(configuration) = found else { return };
    let started = Instant::now();
    while configuration.exists() || !processes(&configuration).is_empty() {
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", processes(&configuration));
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn nodes_can_have_networks_of_their_own() {
    let options = SlurmOptions { networks: true, ..SlurmOptions::default() };
    let Some(slurm) = Slurm::or_skip(&options) else { return };
    let names = slurm.run("srun", &["-N", "2", "hostname"]);
    let mut names: Vec<&str> = std::str::from_utf8(&names.stdout).unwrap().lines().collect();
    names.sort_unstable();
    assert_eq!(names, ["n1", "n2"]);
}

#[test]
fn the_controller_and_munge_can_be_away_for_a_while() {
    let Some(mut slurm) = Slurm::or_skip(&SlurmOptions { nodes: 1, ..SlurmOptions::default() }) else {
        return;
    };
    busy(&slurm, 1);
    slurm.stop_controller();
    assert!(!slurm.run("scontrol", &["ping"]).status.success());
    slurm.start_controller();
    slurm.stop_munge();
    assert!(!slurm.run("squeue", &["-h"]).status.success());
    slurm.start_munge();
    busy(&slurm, 1);
}
