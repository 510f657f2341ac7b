//! Submitting.

use std::fs;

use compute::{Condition, Launcher, TargetOptions};
use schema::ErrorCode;

use crate::cluster::Cluster;

#[tokio::test]
async fn a_worker_is_submitted_once_though_the_answer_is_lost() {
    let Some(mut cluster) = Cluster::new(1, TargetOptions::default()).await else { return };
    let launch = cluster.launch("a").await;
    assert_eq!(cluster.look(&launch).await.unwrap(), Condition::NotStarted);
    let first = cluster.start(&launch).await;
    assert!(first.new);
    // The second finds the job by its name, the third by what the job wrote.
    cluster.anew();
    let second = cluster.start(&launch).await;
    assert_eq!((second.new, &second.handle), (false, &first.handle));
    cluster.works(&launch).await;
    let third = cluster.start(&launch).await;
    assert_eq!((third.new, &third.handle), (false, &first.handle));
    assert_eq!(cluster.ask("squeue", &["-h", "-o", "%A"]), first.handle);
    // Variables of the login node are not those of the job.
    assert!(cluster.log(&launch).contains("timelimit None"), "{}", cluster.log(&launch));
    cluster.go(&launch, 0);
    assert_eq!(cluster.ended(&launch).await, (Some(0), None));
    // Another attempt is another job.
    let again = compute::Launch { attempt: 2, ..launch };
    assert!(cluster.start(&again).await.new);
    assert_eq!(cluster.ended(&again).await, (Some(0), None));
    assert!(cluster.log(&again).contains("attempt 2"));
}

#[tokio::test]
async fn a_second_job_of_an_attempt_does_nothing() {
    let Some(cluster) = Cluster::new(1, TargetOptions::default()).await else { return };
    let launch = cluster.running("a").await;
    let script =
        cluster.ask("scontrol", &["write", "batch_script", &cluster.ask("squeue", &["-h", "-o", "%A"]), "-"]);
    let path = cluster.there("script");
    fs::write(&path, script).unwrap();
    cluster.slurm.run("sbatch", &["-W", "-o", "/dev/null", path.to_str().unwrap()]);
    assert!(matches!(cluster.look(&launch).await.unwrap(), Condition::Running { .. }));
    assert_eq!(cluster.log(&launch).matches("attempt").count(), 1);
    cluster.go(&launch, 7);
    assert_eq!(cluster.ended(&launch).await, (Some(7), None));
}

#[tokio::test]
async fn a_refused_submission_says_slurms_sentence_and_leaves_no_token() {
    let options = TargetOptions { partition: Some("nosuch".to_owned()), ..TargetOptions::default() };
    let Some(cluster) = Cluster::new(1, options).await else { return };
    let mut launch = cluster.launch("a").await;
    launch.secrets.push(("HF_TOKEN".to_owned(), "hf_secret".to_owned()));
    let error = cluster.launcher.start(&cluster.connection, &launch).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert_eq!(error.message, "Slurm refused the job: Invalid partition name specified.");
    assert!(!cluster.there("runs/a/.tokens").exists());
    assert_eq!(cluster.look(&launch).await.unwrap(), Condition::NotStarted);
}

#[tokio::test]
async fn a_token_reaches_the_worker_alone() {
    const TOKEN: &str = "hf_0123456789abcdef";
    let setup = "FROM_SETUP='it''s'; export FROM_SETUP\nenv > from-setup; false";
    let options = TargetOptions { setup: Some(setup.to_owned()), ..TargetOptions::default() };
    let Some(cluster) = Cluster::new(1, options).await else { return };
    let mut launch = cluster.launch("a").await;
    launch.secrets.push(("HF_TOKEN".to_owned(), TOKEN.to_owned()));
    cluster.start(&launch).await;
    cluster.works(&launch).await;
    let log = cluster.log(&launch);
    assert!(log.contains(&format!("token {}", TOKEN.len())) && log.contains("setup its"), "{log}");
    // Neither in the run's folder nor in what Slurm keeps of the job, while it runs.
    let state = cluster.slurm.state();
    let mut open = vec![cluster.there("runs/a"), state.parent().unwrap().to_owned()];
    let mut files = 0;
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().filter_map(Result::ok) {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else if let Ok(bytes) = fs::read(entry.path()) {
                files += 1;
                let found = bytes.windows(TOKEN.len()).any(|part| part == TOKEN.as_bytes());
                assert!(!found, "{}", entry.path().display());
            }
        }
    }
    assert!(files > 10);
    cluster.go(&launch, 0);
    assert_eq!(cluster.ended(&launch).await, (Some(0), None));
}
