//! The states of runs, and when those in the queue may begin.
#![allow(clippy::unwrap_used, reason = "a test says what it found by panicking")]

use resources::TrainingChoices;
use schema::TextEnum as _;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{QueueRule, RunKind, RunState, Store};
use tempfile::TempDir;

async fn empty() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("studio.db")).await.unwrap();
    (folder, store)
}

/// Queues a run on a target; its id is its name.
async fn queue(store: &Store, name: &str, target: Option<&str>) {
    let choices = TrainingChoices::default();
    store.create_with_run(Vec::new(), name, RunKind::Training, name, &choices, target).await.unwrap();
}

async fn state(store: &Store, id: &str) -> RunState {
    store.run(id).await.unwrap().state
}

#[test]
fn every_state_is_live_or_an_end() {
    let all = |which: fn(RunState) -> bool| -> Vec<&str> {
        RunState::ALL.iter().filter(|state| which(**state)).map(|state| state.into_str()).collect()
    };
    assert_eq!(all(RunState::is_live), ["queued", "preparing", "waiting", "running", "stopping"]);
    assert_eq!(all(RunState::is_active), ["preparing", "waiting", "running", "stopping"]);
    assert_eq!(all(RunState::is_unsuccessful), ["failed", "stopped", "lost"]);
}

#[tokio::test]
async fn every_place_but_a_cluster_has_the_same_rule_of_its_own() {
    let (_folder, store) = empty().await;
    let options = SqliteConnectOptions::new().filename(store.path());
    let mut outside = SqliteConnection::connect_with(&options).await.unwrap();
    for (id, kind) in [("box", "ssh"), ("other", "ssh"), ("cluster", "slurm")] {
        sqlx::query(
            "INSERT INTO studio_targets (id, name, settings, created_at) VALUES (?1, ?1, json_object('kind', ?2), '')",
        )
        .bind(id)
        .bind(kind)
        .execute(&mut outside)
        .await
        .unwrap();
    }
    assert_eq!(store.clusters().await.unwrap(), ["cluster"]);
    for place in [None, Some("box"), Some("other"), Some("cluster")] {
        for number in 0..3 {
            let id = format!("{}-{number}", place.unwrap_or("here"));
            queue(&store, &id, place).await;
            let begun = store.begin_run(&id).await.unwrap();
            assert_eq!(begun, number == 0 || place == Some("cluster"), "{id}");
        }
    }
    store.set_queue_rule(QueueRule { paused: true, at_once: 9 }).await.unwrap();
    for paused in ["here-1", "box-1"] {
        assert!(!store.begin_run(paused).await.unwrap());
    }
    queue(&store, "last", Some("cluster")).await;
    assert!(!store.begin_run("last").await.unwrap());
    store.set_queue_rule(QueueRule { paused: false, at_once: 2 }).await.unwrap();
    for room in ["here-1", "box-1", "other-1", "last"] {
        assert!(store.begin_run(room).await.unwrap(), "{room}");
    }
    assert!(!store.begin_run("here-2").await.unwrap());
}

#[tokio::test]
async fn a_run_waits_runs_and_waits_again_until_it_is_asked_to_stop() {
    let (_folder, store) = empty().await;
    queue(&store, "run", Some("cluster")).await;
    store.note_waiting("run", "1").await.unwrap();
    assert_eq!(state(&store, "run").await, RunState::Queued, "it has not begun");
    store.begin_run("run").await.unwrap();
    for (number, handle) in ["1", "2"].into_iter().enumerate() {
        store.note_waiting("run", handle).await.unwrap();
        let run = store.run("run").await.unwrap();
        assert_eq!((run.state, run.handle.as_deref()), (RunState::Waiting, Some(handle)), "{number}");
        store.note_started("run", handle).await.unwrap();
        assert_eq!(state(&store, "run").await, RunState::Running);
    }
    store.note_waiting("run", "3").await.unwrap();
    assert_eq!(store.ask_stop("run").await.unwrap().state, RunState::Stopping);
    store.note_waiting("run", "3").await.unwrap();
    store.note_started("run", "3").await.unwrap();
    assert_eq!(state(&store, "run").await, RunState::Stopping, "the wish is kept");
    assert!(store.note_ended("run", RunState::Stopped, None, None).await.unwrap());
}
