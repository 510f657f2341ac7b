//! The studio is killed at any moment of a run's life there, and another one goes on: one run, one adapter.

use std::{thread::sleep, time::Duration};

use serde_json::json;
use stories::{Chance, sqlite};

use crate::place::Place;

/// How often the story is killed.
const KILLS: u32 = 20;

#[test]
fn a_run_there_outlives_those_who_look_after_it() {
    let Some(place) = Place::new() else { return };
    let world = &place.world;
    let mut chance = Chance::new(21);
    let mut arguments = place.training("tickets-1", &json!({"steps": 400, "pause_ms": 10}));
    let mut kills = 0;
    while kills < KILLS {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut child = world.start(&words);
        // The moment of the kill is a time and nothing else, so time has to pass.
        sleep(Duration::from_secs_f64(1.5 * chance.fraction()));
        child.kill().expect("a child can be killed");
        child.wait().expect("a killed child ends");
        kills += 1;
        let jobs = sqlite::texts(world.fts.db(), "SELECT id FROM fine_tuning_jobs");
        // Killed before the job was made, there is nothing to look after yet.
        let Some(Some(id)) = jobs.first() else { continue };
        arguments = ["run", "watch", id.as_str()].map(str::to_owned).to_vec();
    }
    let id = arguments.pop().expect("an id");
    let run = place.until_over(&id);
    assert_eq!((&run["state"], &run["attempt"]), (&json!("succeeded"), &json!(1)), "{run}");
    assert_eq!(place.logged_steps(&id), (1..=400).collect::<Vec<_>>(), "started once, and nothing lost");
    assert_eq!(world.fts.count("fine_tuning_jobs"), 1);
    place.assert_one_adapter(&id);
}

#[test]
fn of_two_programs_one_looks_after_a_run() {
    let Some(place) = Place::new() else { return };
    let id = place.train("tickets-1", &json!({"steps": 60, "pause_ms": 20}));
    let mut others: Vec<_> = (0..3).map(|_| place.world.start(&["run", "watch", &id])).collect();
    for other in &mut others {
        assert!(other.wait().expect("it ends").success());
    }
    assert_eq!(place.logged_steps(&id), (1..=60).collect::<Vec<_>>());
    place.assert_one_adapter(&id);
}
