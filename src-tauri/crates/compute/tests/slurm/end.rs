//! How jobs end.

use std::{fs, process::Command};

use compute::{Condition, TargetOptions};
use tempfile::TempDir;
use test_hosts::SlurmOptions;

use crate::cluster::Cluster;

#[tokio::test]
async fn a_worker_that_is_killed_has_the_signal_for_its_exit_code() {
    let Some(cluster) = Cluster::new(1, TargetOptions::default()).await else { return };
    let launch = cluster.running("a").await;
    let pid = fs::read_to_string(cluster.there("runs/a/pid")).unwrap();
    Command::new("kill").args(["-9", &pid]).status().unwrap();
    assert_eq!(cluster.ended(&launch).await.0, Some(-9));
}

#[tokio::test]
async fn a_worker_that_does_not_stop_is_ended_by_force() {
    let Some(cluster) = Cluster::new(1, TargetOptions::default()).await else { return };
    let mut launch = cluster.launch("a").await;
    launch.arguments.push("deaf".to_owned());
    cluster.start(&launch).await;
    cluster.works(&launch).await;
    cluster.stop(&launch, false).await;
    assert!(matches!(cluster.look(&launch).await.unwrap(), Condition::Running { .. }));
    cluster.stop(&launch, true).await;
    let (_, why) = cluster.ended(&launch).await;
    assert!(why.unwrap().starts_with("The job was cancelled in Slurm"));
}

#[tokio::test]
async fn a_job_that_another_cancels_says_so() {
    let Some(cluster) = Cluster::new(1, TargetOptions::default()).await else { return };
    let launch = cluster.running("a").await;
    cluster.slurm.run("scancel", &["--name=fts-a-1"]);
    let (_, why) = cluster.ended(&launch).await;
    assert!(why.unwrap().starts_with("The job was cancelled in Slurm"));
}

#[tokio::test]
async fn how_a_job_ended_is_known_when_slurm_has_forgotten_it() {
    let slurm = SlurmOptions { nodes: 1, remembers: 2, ..SlurmOptions::default() };
    let Some(mut cluster) = Cluster::with(slurm, TargetOptions::default(), TempDir::new().unwrap()).await
    else {
        return;
    };
    let launch = cluster.running("a").await;
    cluster.go(&launch, 3);
    cluster.slurm.wait_until("Slurm has forgotten the job", |slurm| {
        slurm.run("squeue", &["-h", "-t", "all"]).stdout.is_empty()
    });
    cluster.anew();
    assert_eq!(cluster.ended(&launch).await, (Some(3), None));
}

#[tokio::test]
async fn a_folder_that_the_nodes_do_not_share_is_the_reason() {
    let folder = TempDir::new().unwrap();
    let slurm = SlurmOptions {
        nodes: 1,
        networks: true,
        hidden: Some(folder.path().to_owned()),
        ..SlurmOptions::default()
    };
    let Some(cluster) = Cluster::with(slurm, TargetOptions::default(), folder).await else { return };
    let launch = cluster.launch("a").await;
    cluster.start(&launch).await;
    let (exit, why) = cluster.ended(&launch).await;
    assert_eq!(exit, None);
    assert!(why.unwrap().starts_with("The run's folder is not visible on the node"));
}

/// A minute is Slurm's shortest time limit, of which it looks every half minute.
#[tokio::test]
async fn before_the_time_limit_the_worker_is_stopped_and_may_take_its_time_to_save() {
    let options = TargetOptions { time: Some("1".to_owned()), ..TargetOptions::default() };
    let Some(cluster) = Cluster::new(1, options).await else { return };
    let mut launch = cluster.launch("a").await;
    // Longer than Slurm waits between a polite end and that by force.
    launch.arguments.push("slow".to_owned());
    cluster.start(&launch).await;
    let (exit, why) = cluster.ended(&launch).await;
    assert_eq!(exit, Some(0));
    assert!(why.unwrap().starts_with("Slurm's time limit was near"));
    assert!(cluster.log(&launch).contains("asked to stop"));
    assert!(cluster.there("runs/a/saved").exists());
}

#[tokio::test]
async fn a_worker_that_goes_on_beyond_the_time_limit_is_ended_for_that_reason() {
    let Some(cluster) = Cluster::new(1, TargetOptions::default()).await else { return };
    let mut launch = cluster.launch("a").await;
    launch.arguments.push("deaf".to_owned());
    let id = cluster.start(&launch).await.handle;
    cluster.works(&launch).await;
    // Sooner than its limit, which keeps the test short.
    cluster.slurm.run("scontrol", &["update", &format!("JobId={id}"), "EndTime=now+2"]);
    let (exit, why) = cluster.ended(&launch).await;
    assert_eq!(exit, None);
    assert!(why.unwrap().starts_with("Slurm ended the job at its time limit."));
}

/// Partitions of which the one named `high` takes the nodes of the other in that way.
fn with_priorities(mode: &str) -> SlurmOptions {
    let lines =
        ["PreemptType=preempt/partition_prio", "PartitionName=high Nodes=ALL PriorityTier=9 State=UP"];
    let mode = format!("PreemptMode={mode}");
    let lines = lines.into_iter().chain([mode.as_str()]).map(str::to_owned).collect();
    SlurmOptions { nodes: 1, lines, ..SlurmOptions::default() }
}

/// Submits a job with a higher priority, which takes the whole node for so many seconds.
fn take_the_node(cluster: &Cluster, seconds: u32) {
    let work = format!("sleep {seconds}");
    let urgent = ["--partition=high", "--exclusive", "-D", "/", "-o", "/dev/null", "--wrap", &work];
    let submitted = cluster.slurm.run("sbatch", &urgent);
    assert!(submitted.status.success(), "{submitted:?}");
}

#[tokio::test]
async fn a_job_that_is_preempted_says_so() {
    let (slurm, options) = (with_priorities("CANCEL"), TargetOptions::default());
    let Some(cluster) = Cluster::with(slurm, options, TempDir::new().unwrap()).await else { return };
    let launch = cluster.running("a").await;
    take_the_node(&cluster, 600);
    let (_, why) = cluster.ended(&launch).await;
    assert!(why.as_ref().unwrap().starts_with("A job with a higher priority took the nodes."), "{why:?}");
    assert!(cluster.log(&launch).contains("asked to stop"));
}

#[tokio::test]
async fn a_job_that_is_preempted_and_may_be_requeued_goes_on_later() {
    let options = TargetOptions { sbatch: vec!["--requeue".to_owned()], ..TargetOptions::default() };
    let Some(cluster) = Cluster::with(with_priorities("REQUEUE"), options, TempDir::new().unwrap()).await
    else {
        return;
    };
    let mut launch = cluster.launch("a").await;
    launch.secrets.push(("HF_TOKEN".to_owned(), "hf_secret".to_owned()));
    let id = cluster.start(&launch).await.handle;
    cluster.works(&launch).await;
    take_the_node(&cluster, 1);
    cluster.wait_for(&launch, |now| matches!(now, Condition::Waiting { .. })).await;
    cluster.slurm.run("scontrol", &["update", &format!("JobId={id}"), "StartTime=now"]);
    cluster.until("it works again", || cluster.log(&launch).contains("attempt 2 token 9")).await;
    cluster.go(&launch, 0);
    assert_eq!(cluster.ended(&launch).await, (Some(0), None));
}

#[tokio::test]
async fn a_job_that_takes_more_memory_than_it_asked_for_says_so() {
    let slurm = SlurmOptions { nodes: 1, memory_limits: true, ..SlurmOptions::default() };
    let options = TargetOptions { mem: Some("60M".to_owned()), ..TargetOptions::default() };
    let Some(cluster) = Cluster::with(slurm, options, TempDir::new().unwrap()).await else { return };
    let mut launch = cluster.launch("a").await;
    launch.arguments.push("hungry".to_owned());
    cluster.start(&launch).await;
    let (exit, why) = cluster.ended(&launch).await;
    assert_eq!(exit, Some(-9));
    assert!(why.as_ref().unwrap().contains("took more memory than it asked for"), "{why:?}");
}

/// A shared file system may show the last files of a job late.
#[tokio::test]
async fn an_exit_code_that_shows_late_is_waited_for() {
    let slurm = SlurmOptions { nodes: 1, remembers: 2, ..SlurmOptions::default() };
    let Some(cluster) = Cluster::with(slurm, TargetOptions::default(), TempDir::new().unwrap()).await else {
        return;
    };
    let launch = cluster.running("a").await;
    cluster.go(&launch, 3);
    let (exit, later) = (cluster.there("runs/a/slurm-1.exit"), cluster.there("runs/a/later"));
    cluster.until("the job has written its code", || exit.exists()).await;
    fs::rename(&exit, &later).unwrap();
    cluster.slurm.wait_until("Slurm has forgotten the job", |slurm| {
        slurm.run("squeue", &["-h", "-t", "all"]).stdout.is_empty()
    });
    for _ in 0..3 {
        let look = cluster.look(&launch).await.unwrap();
        assert!(matches!(look, Condition::Running { .. }), "{look:?}");
    }
    fs::rename(&later, &exit).unwrap();
    assert_eq!(cluster.ended(&launch).await, (Some(3), None));
}

#[tokio::test]
async fn a_node_that_is_lost_is_the_reason() {
    let slurm = SlurmOptions { nodes: 1, node_timeout: 10, ..SlurmOptions::default() };
    let Some(mut cluster) = Cluster::with(slurm, TargetOptions::default(), TempDir::new().unwrap()).await
    else {
        return;
    };
    let launch = cluster.running("a").await;
    cluster.slurm.kill_node(1);
    let (exit, why) = cluster.ended(&launch).await;
    let why = why.unwrap();
    assert!(why.starts_with("A node of the job failed") && why.contains("tokens again"), "{exit:?}: {why}");
}

#[tokio::test]
async fn a_node_of_several_that_loses_its_network_is_the_reason() {
    let slurm = SlurmOptions { networks: true, node_timeout: 10, ..SlurmOptions::default() };
    let Some(cluster) = Cluster::with(slurm, TargetOptions::default(), TempDir::new().unwrap()).await else {
        return;
    };
    let mut launch = cluster.launch("a").await;
    launch.nodes = 2;
    cluster.start(&launch).await;
    cluster.works(&launch).await;
    // The script of a job runs on its first node.
    cluster.slurm.connect_node(2, false);
    let (exit, why) = cluster.ended(&launch).await;
    assert!(why.as_ref().unwrap().starts_with("A node of the job failed"), "{exit:?}: {why:?}");
    assert!(cluster.log(&launch).contains("asked to stop"));
}
