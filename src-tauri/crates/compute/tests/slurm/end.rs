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

#[tokio::test]
#[ignore = "it takes 95 seconds: a minute is Slurm's shortest time limit"]
async fn before_the_time_limit_the_worker_is_stopped() {
    let options = TargetOptions { time: Some("1".to_owned()), ..TargetOptions::default() };
    let Some(cluster) = Cluster::new(1, options).await else { return };
    let launch = cluster.running("a").await;
    let (exit, why) = cluster.ended(&launch).await;
    assert_eq!(exit, Some(0));
    assert!(why.unwrap().starts_with("Slurm's time limit was near"));
    assert!(cluster.log(&launch).contains("asked to stop"));
}

#[tokio::test]
#[ignore = "it takes over a minute until Slurm takes a node for down"]
async fn a_node_that_is_lost_is_the_reason() {
    let slurm = SlurmOptions { nodes: 1, node_timeout: 10, ..SlurmOptions::default() };
    let Some(mut cluster) = Cluster::with(slurm, TargetOptions::default(), TempDir::new().unwrap()).await
    else {
        return;
    };
    let launch = cluster.running("a").await;
    cluster.slurm.kill_node(1);
    let (exit, why) = cluster.ended(&launch).await;
    assert!(why.unwrap().starts_with("A node of the job failed"), "{exit:?}");
}
