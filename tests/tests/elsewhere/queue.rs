//! Each machine has the rule of the queue for itself.

use serde_json::json;

use crate::place::Place;

#[test]
fn a_run_there_does_not_wait_for_one_here() {
    let Some(place) = Place::new() else { return };
    let endless = json!({"steps": 100_000, "pause_ms": 20});
    let here = place.world.train("here", &endless);
    let there = place.train("there", &endless);
    let later = place.train("later", &endless);
    let state = |id: &str| place.world.run(id)["state"].clone();
    assert_eq!([state(&here), state(&there), state(&later)], ["running", "running", "queued"]);
    for id in [&later, &there, &here] {
        place.world.fts.json(&["stop", id, "--wait"]);
    }
    assert_eq!([state(&here), state(&there), state(&later)], ["stopped"; 3]);
}
