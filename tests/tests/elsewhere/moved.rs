//! Runs that go on at another place than where they began.

use serde_json::{Value, json};

use crate::place::Place;

impl Place {
    /// Looks after a run until it has taken some more steps, stops it, and returns its last step.
    fn stop_after_some_steps(&self, id: &str) -> u64 {
        let before = self.report(id)["account"]["step"].as_u64().unwrap_or(0);
        let mut watching = self.watch(id);
        self.until_step(id, before + 3);
        self.world.fts.json(&["stop", id]);
        watching.wait().expect("it ends");
        let report = self.report(id);
        assert_eq!(report["run"]["state"], "stopped", "{report}");
        report["account"]["step"].as_u64().expect("a step")
    }

    /// Fails unless each step up to the last was taken once, and is in the curve.
    fn assert_each_step_once(&self, id: &str, last: u64) {
        assert_eq!(self.logged_steps(id), (1..=last).collect::<Vec<_>>());
        let points = self.report(id)["account"]["series"][0]["points"].clone();
        assert_eq!(points.as_array().map(Vec::len), Some(last as usize), "{points}");
    }

    fn retry(&self, id: &str, more: &[&str]) -> Value {
        self.world.fts.json(&[&["run", "retry", id], more].concat())
    }
}

/// A training that is only ended by a stop.
fn endless() -> Value {
    json!({"steps": 100_000, "pause_ms": 20})
}

#[test]
fn a_training_goes_on_from_its_last_step_wherever_it_is_retried() {
    let Some(place) = Place::new() else { return };
    place.add_target("other", "other", &["--kind", "ssh"]);
    let id = place.train("tickets-1", &endless());
    let first = place.stop_after_some_steps(&id);
    place.assert_each_step_once(&id, first);
    let moves =
        [["--here", ""], ["--target", "box"], ["--target", "other"], ["--target", "box"], ["--here", ""]];
    let mut last = first;
    for (at, to) in moves.iter().enumerate() {
        let to: Vec<&str> = to.iter().copied().filter(|word| !word.is_empty()).collect();
        let queued = place.retry(&id, &to);
        assert_eq!(queued["attempt"], at as u64 + 2, "{queued}");
        assert_eq!(queued["target"].is_null(), to == ["--here"], "{queued}");
        let now = place.stop_after_some_steps(&id);
        assert!(now >= last + 3, "{now} after {last}");
        place.assert_each_step_once(&id, now);
        last = now;
    }
    // What was brought back is not kept there.
    for folder in ["there", "other"] {
        assert!(!std::path::Path::new(&place.world.fts.path(folder)).join("runs").join(&id).exists());
    }
    assert_eq!(place.report(&id)["elsewhere"], Value::Null);
}

#[test]
fn checkpoints_of_a_target_that_is_away_are_waited_for_and_not_forgotten() {
    let Some(mut place) = Place::new() else { return };
    let id = place.train("tickets-1", &endless());
    place.stop_after_some_steps(&id);
    place.sshd.stop();
    let answer = place.world.fts.run(&["--json", "run", "retry", &id, "--here", "--wait"]);
    let run: Value = serde_json::from_str(&answer.out).expect("a run");
    assert_eq!((answer.code, &run["state"]), (1, &json!("failed")), "{run}");
    place.sshd.restart();
    place.retry(&id, &["--here"]);
    let last = place.stop_after_some_steps(&id);
    place.assert_each_step_once(&id, last);
}

#[test]
fn a_target_that_was_removed_is_named_and_found_again() {
    let Some(place) = Place::new() else { return };
    let id = place.train("tickets-1", &endless());
    place.stop_after_some_steps(&id);
    place.world.fts.json(&["target", "remove", "box"]);
    let answer = place.world.fts.run(&["--json", "run", "retry", &id, "--here", "--wait"]);
    let run: Value = serde_json::from_str(&answer.out).expect("a run");
    assert_eq!(run["state"], "failed", "{run}");
    assert_eq!(run["note"], "The checkpoints of the run are on 'box', which was removed here.");
    place.add_target("box", "there", &["--kind", "ssh"]);
    place.retry(&id, &["--here"]);
    let last = place.stop_after_some_steps(&id);
    place.assert_each_step_once(&id, last);
}

#[test]
fn rows_that_were_prepared_go_on_without_their_dataset() {
    let Some(place) = Place::new() else { return };
    let id = place.train("tickets-1", &endless());
    place.stop_after_some_steps(&id);
    for (table, row) in [("prompts", &place.world.prompt), ("datasets", &place.world.dataset)] {
        place.world.fts.json(&["delete", table, row, "--dependents", "detach"]);
    }
    for to in [["--here"].as_slice(), &["--target", "box"]] {
        place.retry(&id, to);
        let last = place.stop_after_some_steps(&id);
        place.assert_each_step_once(&id, last);
    }
}

#[test]
fn an_evaluation_is_retried_here() {
    let Some(place) = Place::new() else { return };
    let world = &place.world;
    let fields = json!({
        "dataset_id": world.dataset, "prompt_id": world.prompt,
        "model_adapter_combinations": [{"base_model_id": world.model}],
        "generation_config": json!({"fake": {"at": 1, "misfortune": "fail"}}).to_string(),
    });
    let answer =
        world.fts.run(&["--json", "evaluate", "--target", "box", "--wait", "--data", &fields.to_string()]);
    let run: Value = serde_json::from_str(&answer.out).expect("a run");
    assert_eq!(run["state"], "failed", "{run}");
    let id = run["id"].as_str().expect("an id");
    // The worker that pretends fails once at each place.
    place.world.fts.run(&["run", "retry", id, "--here", "--wait"]);
    let again = place.retry(id, &["--wait"]);
    assert_eq!((&again["state"], &again["target"]), (&json!("succeeded"), &Value::Null), "{again}");
    assert_eq!(world.fts.json(&["results", id])["total"], 3);
}

#[test]
fn a_place_that_is_none_and_a_run_that_is_over_are_refused() {
    let Some(place) = Place::new() else { return };
    let id = place.train("tickets-1", &json!({"steps": 2}));
    assert_eq!(place.until_over(&id)["state"], "succeeded");
    let refused = |more: &[&str]| place.world.fts.refused(&[&["run", "retry", &id], more].concat());
    assert!(refused(&["--here"]).message.contains("succeeded"));
    assert!(refused(&["--target", "nowhere"]).message.contains("nowhere"));
}
