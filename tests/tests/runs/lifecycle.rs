//! What becomes of runs.

use std::{fs, process::Command};

use serde_json::{Value, json};
use stories::{samples, wait};

use crate::world::World;

#[test]
fn a_training_ends_in_a_registered_adapter() {
    let world = World::new();
    let answer = world.fts.run(&[
        "--json",
        "train",
        "--wait",
        "--data",
        &world.training("tickets-1", &json!({"steps": 12})).to_string(),
    ]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let run: Value = serde_json::from_str(&answer.out).expect("a run");
    assert_eq!(run["state"], "succeeded");
    let job = world.fts.get("fine_tuning_jobs", run["id"].as_str().expect("an id"));
    let adapter = world.fts.get("adapters", job["adapter_id"].as_str().expect("an adapter"));
    assert_eq!(adapter["name"], "tickets-1");
    assert_eq!(adapter["fine_tuning_job_id"], run["id"]);
    assert_eq!(adapter["model_id"], world.model.as_str());
    assert_eq!(adapter["prompt_id"], world.prompt.as_str());
    let report = world.fts.json(&["show-run", run["id"].as_str().expect("an id")]);
    assert_eq!(report["account"]["step"], 12);
    assert_eq!(report["account"]["series"][0]["points"].as_array().map(Vec::len), Some(12));
}

#[test]
fn an_adapter_is_registered_only_if_that_is_wanted() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    fields["auto_add_adapter"] = false.into();
    world.fts.json(&["train", "--wait", "--data", &fields.to_string()]);
    assert_eq!(world.fts.count("adapters"), 0);
}

#[test]
fn success_is_noticed_at_the_next_start() {
    let world = World::new();
    // Nobody looks after it once it is started.
    let id = world.train("tickets-1", &json!({"steps": 30, "pause_ms": 10}));
    assert_eq!(world.fts.count("adapters"), 0);
    assert_eq!(world.until_over(&id)["state"], "succeeded");
    world.run(&id);
    assert_eq!(world.fts.count("adapters"), 1);
}

#[test]
fn a_failure_says_why_and_its_name_is_free_again() {
    let world = World::new();
    let fake = json!({"at": 3, "misfortune": "fail"});
    let answer =
        world.fts.run(&["train", "--wait", "--data", &world.training("tickets-1", &fake).to_string()]);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("The loss is not a number."), "{}", answer.out);
    let id = world.train("tickets-1", &json!({}));
    assert_eq!(world.until_over(&id)["state"], "succeeded");
    let taken = world.fts.refused(&["train", "--data", &world.training("tickets-1", &json!({})).to_string()]);
    // Both the job and the adapter have it.
    assert_eq!(taken.columns, ["adapter_name"; 2]);
}

#[test]
fn a_worker_that_vanishes_is_lost_with_its_last_words() {
    let world = World::new();
    for (at, misfortune, words) in [
        (7, "vanish", "Killed, or so it seems"),
        (6, "crash", "Segmentation fault"),
        (8, "half_line", "step 7"),
    ] {
        let id = world.train("tickets-1", &json!({"at": at, "misfortune": misfortune}));
        let run = world.until_over(&id);
        assert_eq!(run["state"], "lost", "{run}");
        assert!(run["note"].as_str().expect("a note").contains(words), "{run}");
        // It goes on from its checkpoint and comes to its end.
        let again = world.fts.json(&["retry", &id, "--wait"]);
        assert_eq!((&again["state"], &again["attempt"]), (&json!("succeeded"), &json!(2)));
        let report = world.fts.json(&["show-run", &id]);
        let points = report["account"]["series"][0]["points"].as_array().expect("points");
        let steps: Vec<u64> = points.iter().filter_map(|point| point["step"].as_u64()).collect();
        assert_eq!(steps, (1..=10).collect::<Vec<_>>());
        let log = world.fts.run(&["logs", &id]).out;
        assert_eq!(log.matches("step 5, line").count(), 1, "the checkpoint was not used: {log}");
        let adapter = world.fts.get("fine_tuning_jobs", &id)["adapter_id"].clone();
        world.fts.json(&["delete", "adapters", adapter.as_str().expect("an id"), "--dependents", "detach"]);
        world.fts.json(&["delete", "fine_tuning_jobs", &id]);
    }
}

#[test]
fn a_run_stops_as_asked_and_goes_on() {
    let world = World::new();
    let id = world.train("tickets-1", &json!({"steps": 100, "pause_ms": 20}));
    world.until(&id, &["running"]);
    let run = world.fts.json(&["stop", &id, "--wait"]);
    assert_eq!((&run["state"], &run["note"]), (&json!("stopped"), &json!("It stopped as asked.")));
    assert!(run["hint"].as_str().expect("a hint").starts_with("Retry goes on from step "), "{run}");
    world.assert_nothing_left(&id);
    assert_eq!(world.fts.json(&["retry", &id, "--wait"])["state"], "succeeded");
}

#[test]
fn a_run_that_is_stopped_while_it_is_prepared_starts_nothing() {
    let world = World::new();
    // Enough to stop in the middle of.
    let many = world.fts.import(&world.fts.file("many.csv", samples::tickets_csv(300_000)), "Many");
    let mut fields = world.training("tickets-1", &json!({}));
    fields["dataset_id"] = many.into();
    let mut preparing = world.start(&["train", "--data", &fields.to_string()]);
    let id = wait::until("the run to be prepared", || {
        let runs = world.fts.json(&["runs"]);
        let run = runs[0]["run"].as_object()?;
        (run["state"] == "preparing").then(|| run["id"].as_str().expect("an id").to_owned())
    });
    assert!(
        world.fts.json(&["run", "show", &id])["run"]["started_at"].is_string(),
        "it shows no elapsed time"
    );
    world.fts.json(&["stop", &id]);
    preparing.wait().expect("it ends");
    assert_eq!(world.until_over(&id)["state"], "stopped");
    assert!(!world.folder(&id).join("events.jsonl").exists(), "a worker was started");
    let spec = fs::read_to_string(world.folder(&id).join("job.json")).expect("a specification");
    let spec: Value = serde_json::from_str(&spec).expect("JSON");
    assert_eq!(spec["rows"], Value::Null, "its rows were prepared to the end");
    assert_eq!(world.fts.json(&["retry", &id, "--wait"])["state"], "succeeded");
}

#[test]
fn a_worker_slow_to_start_again_is_not_taken_for_the_one_that_stopped() {
    let world = World::new();
    let file = world.fts.path("again");
    let id = world.train("tickets-1", &json!({"steps": 100, "pause_ms": 20, "again_after": file}));
    world.until(&id, &["running"]);
    world.fts.json(&["stop", &id, "--wait"]);
    world.fts.json(&["retry", &id]);
    for _ in 0..3 {
        assert_eq!(world.run(&id)["state"], "running");
    }
    world.fts.file("again", "");
    assert_eq!(world.until_over(&id)["state"], "succeeded");
}

#[test]
fn one_that_does_not_listen_is_ended_with_all_it_started() {
    let world = World::new();
    for fake in [
        json!({"steps": 1000, "pause_ms": 20, "deaf": true}),
        json!({"at": 1, "misfortune": "hang"}),
        json!({"steps": 1000, "pause_ms": 20, "silent": true}),
        json!({"steps": 1000, "pause_ms": 20, "at": 1, "misfortune": "leave_child"}),
    ] {
        let id = world.train("tickets-1", &fake);
        world.until(&id, &["running"]);
        let run = world.fts.json(&["stop", &id, "--wait"]);
        assert_eq!(run["state"], "stopped", "{fake}: {run}");
        world.assert_nothing_left(&id);
    }
}

#[test]
fn who_only_stands_in_the_folder_is_left_alone() {
    let world = World::new();
    let id = world.train("tickets-1", &json!({"steps": 1000, "pause_ms": 20, "deaf": true}));
    world.until(&id, &["running"]);
    let mut shell = Command::new("sleep");
    let mut shell = shell.arg("600").current_dir(world.folder(&id)).spawn().expect("it starts");
    assert_eq!(world.fts.json(&["stop", &id, "--wait"])["state"], "stopped");
    let ended = shell.try_wait().expect("it can be asked");
    shell.kill().expect("it can be ended");
    shell.wait().expect("it ends");
    assert_eq!(ended, None, "it was ended with the run");
}

#[test]
fn what_a_worker_leaves_behind_does_not_keep_its_run_going() {
    let world = World::new();
    let id = world.train("tickets-1", &json!({"at": 1, "misfortune": "leave_child"}));
    assert_eq!(world.until_over(&id)["state"], "succeeded");
    world.assert_nothing_left(&id);
}

#[test]
fn what_outlives_a_worker_that_vanished_does_not_either() {
    let world = World::new();
    let id = world.train("tickets-1", &json!({"at": 1, "misfortune": "orphan_child"}));
    assert_eq!(world.until_over(&id)["state"], "lost");
    world.assert_nothing_left(&id);
}

#[test]
fn a_chatty_worker_keeps_its_whole_log() {
    let world = World::new();
    let fields = world.training("tickets-1", &json!({"steps": 20, "lines": 2_000})).to_string();
    world.fts.json(&["train", "--wait", "--data", &fields]);
    let runs = world.fts.json(&["runs"]);
    let id = runs[0]["run"]["id"].as_str().expect("an id").to_owned();
    let log = world.fts.run(&["logs", &id]).out;
    assert_eq!(log.lines().count(), 40_000);
    assert_eq!(log, fs::read_to_string(world.folder(&id).join("log.txt")).expect("the log"));
}

#[test]
fn the_job_of_a_run_that_goes_is_not_deleted() {
    let world = World::new();
    let id = world.train("tickets-1", &json!({"steps": 1000, "pause_ms": 20}));
    let refusal = world.fts.refused(&["delete", "fine_tuning_jobs", &id]);
    assert_eq!(refusal.code, "in_use");
    let by_dataset = world.fts.refused(&["delete", "datasets", &world.dataset, "--dependents", "delete"]);
    assert_eq!(by_dataset.code, "in_use");
    world.fts.json(&["stop", &id, "--wait"]);
    world.fts.json(&["delete", "fine_tuning_jobs", &id]);
    assert!(world.folder(&id).is_dir(), "its job can still be undeleted");
    let deletion = world.fts.json(&["deleted"]);
    let deletion = deletion["deletions"][0]["id"].to_string();
    world.fts.json(&["purge", &deletion]);
    assert!(!world.folder(&id).exists());
}

#[test]
fn one_broken_run_does_not_keep_the_others_from_going_on() {
    let world = World::new();
    world.fts.json(&["queue", "--at-once", "2"]);
    let broken = world.train("broken", &json!({"steps": 1000, "pause_ms": 20, "silent": true}));
    let events = world.folder(&broken).join("events.jsonl");
    fs::create_dir(&events).expect("a folder where a file should be");
    let other = world.train("other", &json!({}));
    assert_eq!(world.until_over(&other)["state"], "succeeded");
    assert_eq!(world.run(&broken)["state"], "running");
    fs::remove_dir(&events).expect("a folder can be removed");
    world.fts.json(&["stop", &broken, "--wait"]);
}

#[test]
fn what_can_not_be_registered_has_succeeded_all_the_same() {
    let world = World::new();
    let id = world.train("tickets-1", &json!({"steps": 1000, "pause_ms": 20}));
    world.fts.json(&["delete", "models", &world.model, "--dependents", "detach"]);
    world.fts.json(&["stop", &id, "--wait"]);
    let spec = world.folder(&id).join("job.json");
    let text = fs::read_to_string(&spec).expect("a job");
    // The second attempt is short.
    fs::write(&spec, text.replace("\"steps\": 1000", "\"steps\": 1")).expect("the job");
    let run = world.fts.json(&["retry", &id, "--wait"]);
    assert_eq!(run["state"], "succeeded", "{run}");
    let note = run["note"].as_str().expect("a note");
    assert!(note.starts_with("The adapter was not added: ") && note.contains("output/adapter"), "{note}");
    assert_eq!(world.fts.count("adapters"), 0);
}

#[test]
fn a_run_whose_job_was_deleted_is_reported_and_not_tried_again() {
    let world = World::new();
    let id = world.train("tickets-1", &json!({"at": 1, "misfortune": "fail"}));
    world.until_over(&id);
    world.fts.json(&["delete", "fine_tuning_jobs", &id]);
    let runs = world.fts.json(&["runs"]);
    assert_eq!((&runs[0]["run"]["id"], &runs[0]["jobs"]), (&json!(id), &json!([])));
    assert_eq!(world.fts.json(&["show-run", &id])["jobs"], json!([]));
    let refusal = world.fts.refused(&["retry", &id]);
    assert_eq!(refusal.code, "not_found", "{}", refusal.message);
    let deletion = world.fts.json(&["deleted"])["deletions"][0]["id"].to_string();
    world.fts.json(&["bring-back", &deletion]);
    assert_eq!(world.fts.json(&["retry", &id, "--wait"])["state"], "succeeded");
}

#[test]
fn jobs_from_elsewhere_are_records_without_a_run() {
    let there = World::new();
    let id = there.train("tickets-1", &json!({}));
    there.until_over(&id);
    let snapshot = there.fts.path("snapshot.json");
    there.fts.run(&["export", &snapshot]);
    let here = World::new();
    here.fts.run(&["import", &snapshot]);
    assert_eq!(here.fts.get("fine_tuning_jobs", &id)["adapter_name"], "tickets-1");
    assert_eq!(here.fts.json(&["runs"]), json!([]));
    for command in ["show-run", "logs", "stop", "retry"] {
        let refusal = here.fts.refused(&[command, &id]);
        assert_eq!(refusal.code, "not_found", "{command}: {}", refusal.message);
    }
    // Its name is taken.
    let taken = here.fts.refused(&["train", "--data", &here.training("tickets-1", &json!({})).to_string()]);
    assert_eq!(taken.columns, ["adapter_name"; 2]);
}
