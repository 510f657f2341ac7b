//! Waiting in the queue.

use std::os::unix::fs::PermissionsExt as _;

use compute::{Condition, TargetOptions};

use crate::cluster::{Cluster, reason};

/// Jobs that take the whole cluster.
fn exclusive() -> TargetOptions {
    TargetOptions { sbatch: vec!["--exclusive".to_owned()], ..TargetOptions::default() }
}

#[tokio::test]
async fn a_job_on_full_nodes_waits_with_reason_and_place_and_can_be_stopped() {
    let Some(cluster) = Cluster::new(1, exclusive()).await else { return };
    let first = cluster.running("a").await;
    let (second, mut third) = (cluster.launch("b").await, cluster.launch("c").await);
    third.secrets.push(("HF_TOKEN".to_owned(), "hf_secret".to_owned()));
    cluster.start(&second).await;
    cluster.start(&third).await;
    cluster.wait_for(&second, |now| reason(now) == Some("Waits for free nodes.")).await;
    let waits =
        cluster.wait_for(&third, |now| reason(now) == Some("Other jobs are before it in the queue.")).await;
    let Condition::Waiting { place, .. } = waits else { panic!("{waits:?}") };
    assert_eq!(place, Some(2));
    assert!(cluster.there("runs/c/.tokens").exists());

    cluster.stop(&third, false).await;
    let (exit, why) = cluster.ended(&third).await;
    assert_eq!((exit, why.unwrap().contains("cancelled in Slurm")), (None, true));
    assert!(!cluster.there("runs/c/.tokens").exists());

    cluster.go(&first, 0);
    cluster.works(&second).await;
    cluster.wait_for(&second, |now| matches!(now, Condition::Running { .. })).await;
    cluster.stop(&second, false).await;
    assert_eq!(cluster.ended(&second).await.0, Some(0));
    assert!(cluster.log(&second).contains("asked to stop"));
}

#[tokio::test]
async fn a_job_that_can_never_start_says_so() {
    let options = TargetOptions { time: Some("100:00:00".to_owned()), ..TargetOptions::default() };
    let Some(cluster) = Cluster::new(1, options).await else { return };
    let launch = cluster.launch("a").await;
    cluster.start(&launch).await;
    let never = |now: &Condition| {
        reason(now).is_some_and(|words| words.starts_with("Never starts as it is: its time limit"))
    };
    cluster.wait_for(&launch, never).await;
    cluster.stop(&launch, false).await;
    cluster.ended(&launch).await;
}

#[tokio::test]
async fn a_requeued_job_waits_again_and_counts_its_attempts() {
    let options = TargetOptions { sbatch: vec!["--requeue".to_owned()], ..TargetOptions::default() };
    let Some(cluster) = Cluster::new(1, options).await else { return };
    let mut launch = cluster.launch("a").await;
    launch.secrets.push(("HF_TOKEN".to_owned(), "hf_secret".to_owned()));
    let id = cluster.start(&launch).await.handle;
    cluster.works(&launch).await;
    let tokens = cluster.there("runs/a/.tokens");
    assert_eq!(tokens.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    cluster.slurm.run("scontrol", &["requeue", &id]);
    cluster.wait_for(&launch, |now| reason(now).is_some_and(|words| words.contains("may begin"))).await;
    cluster.slurm.run("scontrol", &["update", &format!("JobId={id}"), "StartTime=now"]);
    cluster.until("it works again", || cluster.log(&launch).contains("attempt 2 token 9")).await;
    cluster.wait_for(&launch, |now| matches!(now, Condition::Running { .. })).await;
    cluster.go(&launch, 0);
    assert_eq!(cluster.ended(&launch).await, (Some(0), None));
    assert!(!tokens.exists(), "a token outlives its job");
}

#[tokio::test]
async fn a_job_that_may_be_requeued_and_is_cancelled_leaves_no_token() {
    let options = TargetOptions { sbatch: vec!["--requeue".to_owned()], ..TargetOptions::default() };
    let Some(cluster) = Cluster::new(1, options).await else { return };
    for by_the_studio in [true, false] {
        let mut launch = cluster.launch(if by_the_studio { "a" } else { "b" }).await;
        launch.secrets.push(("HF_TOKEN".to_owned(), "hf_secret".to_owned()));
        let id = cluster.start(&launch).await.handle;
        cluster.works(&launch).await;
        let tokens = cluster.there(&launch.folder).join(".tokens");
        assert!(tokens.exists());
        if by_the_studio {
            cluster.stop(&launch, false).await;
        } else {
            cluster.slurm.run("scancel", &[&id]);
        }
        cluster.ended(&launch).await;
        assert!(!tokens.exists(), "by the studio: {by_the_studio}");
    }
}

#[tokio::test]
async fn a_job_that_an_administrator_holds_says_so_and_starts_once_it_is_released() {
    let Some(cluster) = Cluster::new(1, exclusive()).await else { return };
    let first = cluster.running("a").await;
    let second = cluster.launch("b").await;
    let id = cluster.start(&second).await.handle;
    cluster.slurm.run("scontrol", &["hold", &id]);
    let held =
        |now: &Condition| reason(now).is_some_and(|words| words.starts_with("Held by an administrator"));
    cluster.wait_for(&second, held).await;
    cluster.go(&first, 0);
    cluster.ended(&first).await;
    assert!(held(&cluster.look(&second).await.unwrap()), "free nodes do not let it start");
    cluster.slurm.run("scontrol", &["release", &id]);
    cluster.works(&second).await;
    cluster.go(&second, 0);
    assert_eq!(cluster.ended(&second).await, (Some(0), None));
}
