//! Jobs and their runs, which are real processes.

use std::{collections::BTreeMap, fs};

use fake_workbench::Fault;
use workbench::{Fault as Why, RunState};

use crate::world::{World, passing_faults};

const LONG: &str = "import time\ntime.sleep(600)\n";

#[tokio::test]
async fn a_job_is_made_once_however_often_its_answer_is_lost() {
    for fault in passing_faults() {
        let world = World::new();
        let mut request = world.job("run-1", "");
        request.environment.insert("A".to_owned(), "b c".to_owned());
        request.gpus = 1;
        request.gpu_label = Some(1);
        request.timeout = Some(60);
        world.there.fail("create_job", [fault.clone(), fault.clone()]);
        let made =
            world.workbench.make_job(&request).await.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
        assert!(made.new);
        assert_eq!(world.list("jobs").len(), 1, "{fault:?}");
        assert_eq!(made.made.environment["A"], "b c");
        assert_eq!((made.made.nvidia_gpu, made.made.accelerator_label_id), (1, 1));
        let again = world.workbench.make_job(&request).await.unwrap();
        assert_eq!((again.made.id, again.new), (made.made.id, false), "{fault:?}");
        // Another job of the name is neither taken nor changed.
        request.arguments = "--other".to_owned();
        assert_eq!(world.workbench.make_job(&request).await.unwrap_err().fault, Why::Conflict);
    }
}

#[tokio::test]
async fn a_run_is_started_once_however_often_its_answer_is_lost() {
    for shows in [true, false] {
        for fault in passing_faults() {
            let world = World::new();
            world.there.behave(|behavior| {
                behavior.shows_run_environment = shows;
                behavior.lists_skipped_runs = shows;
            });
            let job = world.workbench.make_job(&world.job("run-1", LONG)).await.unwrap().made;
            world.there.fail("create_job_run", [fault.clone(), fault.clone()]);
            let none = BTreeMap::new();
            let run = world.workbench.start_run(&job.id, "1", &none).await;
            let run = run.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
            assert_eq!(world.list(&format!("jobs/{}/runs", job.id)).len(), 1, "{fault:?}");
            // The same mark finds it; another one may not start a second run.
            if shows {
                let again = world.workbench.start_run(&job.id, "1", &none).await.unwrap();
                assert_eq!((again.made.id, again.new), (run.made.id.clone(), false));
            }
            let second = world.workbench.start_run(&job.id, "2", &none).await.unwrap_err();
            assert_eq!(second.fault, Why::RunActive, "{second:?}");
            world.workbench.stop_run(&job.id, &run.made.id).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_run_works_is_followed_and_stopped() {
    let world = World::new();
    let script = "import os\nopen('out', 'w').write(os.environ['A'] + os.environ['JOB_ARGUMENTS'] + os.environ['FTS_START_MARK'])\n";
    let mut request = world.job("run-1", script);
    request.arguments = "--x 1".to_owned();
    let job = world.workbench.make_job(&request).await.unwrap().made;
    let environment = BTreeMap::from([("A".to_owned(), "b".to_owned())]);
    world.there.hold_runs(true);
    // From a task of its own, as an executor would.
    let (workbench, id, variables) = (world.workbench.clone(), job.id.clone(), environment.clone());
    let started = tokio::spawn(async move { workbench.start_run(&id, "first", &variables).await });
    let run = started.await.unwrap().unwrap().made;
    assert_eq!(run.status, RunState::Scheduling);
    world.there.hold_runs(false);
    let run = world.until(&job.id, &run.id, RunState::Succeeded).await;
    assert_eq!(fs::read_to_string(world.place().join("out")).unwrap(), "b--x 1first");
    assert!(run.finished_at.is_some() && run.status.has_ended());
    fs::write(world.place().join("run.py"), LONG).unwrap();
    let run = world.workbench.start_run(&job.id, "second", &environment).await.unwrap().made;
    world.until(&job.id, &run.id, RunState::Running).await;
    world.there.fail("stop_job_run", [Fault::DoneWithoutAnswer]);
    world.workbench.stop_run(&job.id, &run.id).await.unwrap();
    let run = world.until(&job.id, &run.id, RunState::Stopped).await;
    // Nothing happens to one that has ended.
    assert_eq!(world.workbench.stop_run(&job.id, &run.id).await.unwrap().status, RunState::Stopped);
    fs::write(world.place().join("run.py"), "1 / 0").unwrap();
    let run = world.workbench.start_run(&job.id, "third", &environment).await.unwrap().made;
    world.until(&job.id, &run.id, RunState::Failed).await;
    let runs = world.workbench.job_runs(&job.id).await.unwrap();
    assert_eq!(runs.first().map(|newest| &newest.id), Some(&run.id), "{runs:?}");
    assert_eq!(runs.len(), 3);
}

#[tokio::test]
async fn a_job_that_was_deleted_there_is_not_found() {
    let world = World::new();
    let job = world.workbench.make_job(&world.job("run-1", LONG)).await.unwrap().made;
    let run = world.workbench.start_run(&job.id, "1", &BTreeMap::new()).await.unwrap().made;
    world.there.remove(&format!("projects/{}/jobs", world.there.project()), &job.id);
    for failure in [
        world.workbench.job(&job.id).await.map(drop).unwrap_err(),
        world.workbench.job_run(&job.id, &run.id).await.map(drop).unwrap_err(),
        world.workbench.stop_run(&job.id, &run.id).await.map(drop).unwrap_err(),
        world.workbench.start_run(&job.id, "2", &BTreeMap::new()).await.map(drop).unwrap_err(),
    ] {
        assert_eq!(failure.fault, Why::NotFound);
        assert!(failure.error.message.contains(&job.id) && failure.error.hint.is_some(), "{failure:?}");
    }
    world.workbench.delete_job(&job.id).await.unwrap();
}

#[tokio::test]
async fn a_used_up_quota_is_no_lost_answer() {
    let world = World::new();
    world.there.behave(|behavior| behavior.quota_cpu = 3.0);
    let first = world.workbench.make_job(&world.job("run-1", LONG)).await.unwrap().made;
    let second = world.workbench.make_job(&world.job("run-2", LONG)).await.unwrap().made;
    world.workbench.start_run(&first.id, "1", &BTreeMap::new()).await.unwrap();
    let failure = world.workbench.start_run(&second.id, "1", &BTreeMap::new()).await.unwrap_err();
    assert_eq!(failure.fault, Why::Quota);
    assert!(failure.error.message.contains("quota"), "{failure:?}");
    assert_eq!(world.there.count("create_job_run"), 2);
}

#[test]
fn a_state_is_read_however_it_is_written() {
    let states = [
        "scheduling",
        "starting",
        "running",
        "stopping",
        "stopped",
        "succeeded",
        "failed",
        "timedout",
        "unknown",
    ];
    for word in states {
        for text in [word.to_owned(), format!("ENGINE_{}", word.to_uppercase())] {
            let state: RunState = text.parse().unwrap();
            assert_eq!(state.word(), word);
            assert!(!matches!(state, RunState::Other(_)), "{text}");
        }
    }
    let state: RunState = "ENGINE_ASLEEP".parse().unwrap();
    assert_eq!(state, RunState::Other("asleep".to_owned()));
    assert!(!state.has_ended());
}
