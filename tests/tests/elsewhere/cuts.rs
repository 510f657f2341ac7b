//! The line is cut, and comes back: the run goes on meanwhile, and nothing of it is lost or doubled.

use std::fs;

use serde_json::{Value, json};
use stories::wait;
use test_hosts::Sshd;

use crate::place::Place;

#[test]
fn a_target_that_is_away_is_marked_and_its_run_stays_as_it_was() {
    let Some(mut place) = Place::new() else { return };
    let id = place.train("tickets-1", &json!({"steps": 100_000, "pause_ms": 20}));
    let mut watching = place.watch(&id);
    place.until_step(&id, 1);
    let state_of = |report: &Value| report["run"]["state"].clone();
    let is_away = |report: &Value| report["elsewhere"]["unreachable_since"].is_string();
    place.sshd.stop();
    let away = place.until(&id, "the mark", is_away);
    assert_eq!(state_of(&away), "running");
    assert!(away["elsewhere"]["unreachable_why"].is_string(), "{away}");
    let listed = place.world.fts.run(&["run", "list"]).out;
    assert!(listed.contains("box (not reached)"), "{listed}");
    // The wish to stop is kept, and shown as not delivered.
    place.world.fts.json(&["stop", &id]);
    let asked = place.report(&id);
    assert_eq!((state_of(&asked), &asked["elsewhere"]["stop_delivered"]), ("stopping".into(), &Value::Null));
    let before = asked["account"]["step"].as_u64();
    place.sshd.restart();
    wait::until("the end", || watching.try_wait().expect("it can be asked"));
    let run = place.report(&id);
    assert_eq!((state_of(&run), &run["run"]["note"]), ("stopped".into(), &json!("It stopped as asked.")));
    assert_eq!(run["elsewhere"]["unreachable_since"], Value::Null);
    assert!(run["elsewhere"]["stop_delivered"].is_string(), "{run}");
    assert!(run["account"]["step"].as_u64() > before, "it went on meanwhile: {run}");
}

#[test]
fn what_is_asked_of_a_target_that_is_away_waits_for_it() {
    let Some(mut place) = Place::new() else { return };
    place.sshd.stop();
    let arguments = place.training("tickets-1", &json!({}));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--wait"]).collect();
    let mut training = place.world.start(&arguments);
    let id = wait::until("the mark", || {
        let runs = place.world.fts.json(&["runs"]);
        let run = &runs[0];
        let is_away = run["elsewhere"]["unreachable_since"].is_string() && run["run"]["state"] == "preparing";
        is_away.then(|| run["run"]["id"].as_str().expect("an id").to_owned())
    });
    place.sshd.restart();
    assert!(training.wait().expect("it ends").success());
    place.assert_one_adapter(&id);
}

#[test]
fn a_run_that_is_stopped_before_it_was_sent_starts_nothing() {
    let Some(mut place) = Place::new() else { return };
    place.sshd.stop();
    let arguments = place.training("tickets-1", &json!({}));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--wait"]).collect();
    let mut training = place.world.start(&arguments);
    let id = wait::until("the run to be prepared", || {
        let runs = place.world.fts.json(&["runs"]);
        let run = &runs[0]["run"];
        (run["state"] == "preparing").then(|| run["id"].as_str().expect("an id").to_owned())
    });
    place.world.fts.json(&["stop", &id]);
    assert_eq!(training.wait().expect("it ends").code(), Some(3));
    assert_eq!(place.report(&id)["run"]["state"], "stopped");
    place.sshd.restart();
    assert!(!place.there(&id).exists());
    assert_eq!(place.world.fts.json(&["retry", &id, "--wait"])["state"], "succeeded");
}

/// Fails unless the events here are those there, and behind them that the run is logged to the MLflow of this machine.
pub(crate) fn assert_same_events(here: &[u8], there: &[u8]) {
    let behind = here.strip_prefix(there).expect("the events there");
    let behind: Value = serde_json::from_slice(behind).expect("one event more");
    assert_eq!(behind["event"], "mlflow");
}

#[test]
fn an_interface_that_is_down_for_a_while_loses_nothing() {
    let Some(sshd) = Sshd::in_a_network_of_its_own() else { return };
    let Some(place) = Place::at(sshd) else { return };
    let enough = place.world.fts.path("enough");
    let fake = json!({"steps": 1_000_000, "pause_ms": 20, "enough": enough});
    let id = place.train("tickets-1", &fake);
    let mut watching = place.watch(&id);
    place.until_step(&id, 1);
    let kept = place.world.fts.path("kept");
    fs::hard_link(place.there(&id).join("events.jsonl"), &kept).expect("another name");
    place.sshd.connect_network(false);
    // Nothing says that it is away: no sign of life comes any more.
    let away = place.until(&id, "the mark", |report| report["elsewhere"]["unreachable_since"].is_string());
    assert_eq!(away["run"]["state"], "running");
    place.sshd.connect_network(true);
    let back = |report: &Value| report["elsewhere"]["unreachable_since"].is_null();
    place.until(&id, "a sign of life", back);
    fs::write(enough, "").expect("a file");
    assert!(watching.wait().expect("it ends").success());
    let here = fs::read(place.world.folder(&id).join("events.jsonl")).expect("here");
    assert_same_events(&here, &fs::read(kept).expect("there"));
    place.assert_one_adapter(&id);
}
