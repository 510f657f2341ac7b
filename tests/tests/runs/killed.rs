//! The studio is killed at any moment of a run's life and started again: nothing is left running,
//! nothing is lost, and the run comes to its end.

use std::{thread::sleep, time::Duration};

use serde_json::json;
use stories::{Chance, sqlite};

use crate::world::World;

/// How often each story is killed.
const KILLS: u32 = 30;

/// Kills whoever looks after a run at moments spread over its life, again and again, until the run
/// is over, and returns it.
fn disturb(world: &World, seed: u64, fake: &serde_json::Value) -> (String, u32) {
    let mut chance = Chance::new(seed);
    let fields = world.training("tickets-1", fake).to_string();
    let mut kills = 0;
    let mut arguments = vec!["train".to_owned(), "--wait".to_owned(), "--data".to_owned(), fields];
    loop {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut child = world.start(&words);
        // The moment of the kill is a time and nothing else, so time has to pass.
        sleep(Duration::from_secs_f64(0.3 * chance.fraction()));
        child.kill().expect("a child can be killed");
        child.wait().expect("a killed child ends");
        kills += 1;
        let jobs = sqlite::texts(world.fts.db(), "SELECT id FROM fine_tuning_jobs");
        // Killed before the job was made, there is nothing to look after yet.
        let Some(Some(id)) = jobs.first() else { continue };
        if kills >= KILLS {
            return (id.to_owned(), kills);
        }
        arguments = vec!["runs".to_owned()];
    }
}

#[test]
fn a_run_outlives_those_who_look_after_it() {
    let world = World::new();
    let (id, kills) = disturb(&world, 11, &json!({"steps": 400, "pause_ms": 5}));
    let run = world.until_over(&id);
    assert_eq!(run["state"], "succeeded", "after {kills} kills: {run}");
    assert_eq!(run["attempt"], 1);
    assert_eq!(world.fts.count("fine_tuning_jobs"), 1);
    assert_eq!(world.fts.count("adapters"), 1);
    world.assert_nothing_left(&id);
    let log = world.fts.run(&["logs", &id]).out;
    assert_eq!(log.lines().count(), 400, "it was not started twice");
}

#[test]
fn a_run_is_stopped_though_those_who_stop_it_are_killed() {
    let world = World::new();
    let mut chance = Chance::new(12);
    let id = world.train("tickets-1", &json!({"steps": 100_000, "pause_ms": 5, "deaf": true}));
    for _ in 0..KILLS {
        let mut child = world.start(&["stop", &id, "--wait"]);
        sleep(Duration::from_secs_f64(0.2 * chance.fraction()));
        child.kill().expect("a child can be killed");
        child.wait().expect("a killed child ends");
    }
    let run = world.until_over(&id);
    assert_eq!(run["state"], "stopped", "{run}");
    world.assert_nothing_left(&id);
}

#[test]
fn a_run_killed_and_retried_at_every_state_comes_to_its_end() {
    let world = World::new();
    let mut chance = Chance::new(13);
    let id = world.train("tickets-1", &json!({"steps": 300, "pause_ms": 3}));
    let mut kills = 0;
    while kills < KILLS + 15 {
        // Each round somebody else does something else, and none of them gets to its end.
        let action: &[&str] = match kills % 3 {
            0 => &["stop", &id],
            1 => &["retry", &id],
            _ => &["runs"],
        };
        let mut child = world.start(action);
        sleep(Duration::from_secs_f64(0.12 * chance.fraction()));
        child.kill().expect("a child can be killed");
        child.wait().expect("a killed child ends");
        kills += 1;
    }
    let run = world.until_over(&id);
    let ended = match run["state"].as_str() {
        Some("succeeded") => run,
        _ => world.fts.json(&["retry", &id, "--wait"]),
    };
    assert_eq!(ended["state"], "succeeded", "{ended}");
    assert_eq!(world.fts.count("adapters"), 1);
    world.assert_nothing_left(&id);
}
