//! The order in which runs start.

use serde_json::{Value, json};

use crate::world::World;

fn states(world: &World) -> Vec<(String, String)> {
    let runs = world.fts.json(&["runs"]);
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let state = |summary: &Value| (text(&summary["run"]["name"]), text(&summary["run"]["state"]));
    runs.as_array().expect("a list").iter().map(state).collect()
}

#[test]
fn one_run_goes_at_a_time_and_the_others_wait() {
    let world = World::new();
    let first = world.train("first", &json!({"steps": 1000, "pause_ms": 20}));
    let second = world.train("second", &json!({}));
    let third = world.train("third", &json!({}));
    assert_eq!(
        states(&world),
        [("first", "running"), ("second", "queued"), ("third", "queued")]
            .map(|(name, state)| (name.to_owned(), state.to_owned()))
    );
    assert!(world.run(&first)["started_at"].is_string());
    assert_eq!(world.run(&third)["started_at"], Value::Null);
    let run = world.fts.json(&["stop", &third]);
    assert_eq!(run["state"], "stopped");
    world.fts.json(&["stop", &first, "--wait"]);
    assert_eq!(world.until_over(&second)["state"], "succeeded");
    assert_eq!(world.run(&third)["attempt"], 1);
    // What never began is begun, not gone on with.
    let again = world.fts.json(&["retry", &third, "--wait"]);
    assert_eq!((&again["state"], &again["attempt"]), (&json!("succeeded"), &json!(1)));
}

#[test]
fn a_paused_queue_starts_nothing() {
    let world = World::new();
    world.fts.json(&["queue", "--pause"]);
    let id = world.train("tickets-1", &json!({}));
    assert_eq!(world.run(&id)["state"], "queued");
    world.fts.json(&["queue", "--resume"]);
    assert_eq!(world.until_over(&id)["state"], "succeeded");
}

#[test]
fn more_than_one_may_go_at_once() {
    let world = World::new();
    world.fts.json(&["queue", "--at-once", "2"]);
    let fake = json!({"steps": 1000, "pause_ms": 20});
    let ids = ["first", "second", "third"].map(|name| world.train(name, &fake));
    let running = states(&world).iter().filter(|(_, state)| state == "running").count();
    assert_eq!(running, 2);
    for id in ids {
        world.fts.json(&["stop", &id, "--wait"]);
    }
}
