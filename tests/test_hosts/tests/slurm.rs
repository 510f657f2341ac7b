//! The cluster for tests: it runs jobs, and leaves nothing behind.
#![cfg(unix)]

use std::path::Path;

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
