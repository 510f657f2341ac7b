//! A controller or an authentication service that does not answer.

use compute::{Condition, TargetOptions};
use schema::ErrorCode;

use crate::cluster::Cluster;

#[tokio::test]
async fn a_run_goes_on_while_the_controller_is_away() {
    let Some(mut cluster) = Cluster::new(1, TargetOptions::default()).await else { return };
    let launch = cluster.running("a").await;
    cluster.slurm.stop_controller();
    let error = cluster.look(&launch).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unreachable);
    assert!(error.message.starts_with("Slurm does not answer: "), "{error}");
    cluster.slurm.start_controller();
    cluster.wait_for(&launch, |now| matches!(now, Condition::Running { .. })).await;
    cluster.go(&launch, 0);
    assert_eq!(cluster.ended(&launch).await, (Some(0), None));
}

#[tokio::test]
async fn a_run_goes_on_while_munge_is_away() {
    let Some(mut cluster) = Cluster::new(1, TargetOptions::default()).await else { return };
    let launch = cluster.running("a").await;
    let handle = cluster.start(&launch).await.handle;
    cluster.slurm.stop_munge();
    assert_eq!(cluster.look(&launch).await.unwrap_err().code, ErrorCode::Unreachable);
    let other = cluster.launch("b").await;
    let refused = compute::Launcher::start(&cluster.launcher, &cluster.connection, &other).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Unreachable);
    cluster.slurm.start_munge();
    assert_eq!(cluster.look(&launch).await.unwrap(), Condition::Running { handle });
    assert_eq!(cluster.look(&other).await.unwrap(), Condition::NotStarted);
    cluster.stop(&launch, false).await;
    assert_eq!(cluster.ended(&launch).await.0, Some(0));
}
