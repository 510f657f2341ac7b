//! What becomes of runs on a workbench.

use serde_json::json;

use crate::place::Place;

#[test]
fn a_training_there_ends_in_a_registered_adapter_here() {
    let place = Place::new();
    let run = place.train_to_its_end(&json!({"steps": 12}));
    assert_eq!(run["state"], "succeeded", "{run}");
    let id = run["id"].as_str().expect("an id");
    place.assert_one_adapter(id);
    let report = place.report(id);
    assert_eq!(report["account"]["step"], 12);
    assert_eq!(report["account"]["series"][0]["points"].as_array().map(Vec::len), Some(12));
    assert_eq!(
        (&report["elsewhere"]["name"], &report["elsewhere"]["phase"]),
        (&json!("bench"), &json!("done"))
    );
    assert!(report["elsewhere"]["sent"].as_u64() > Some(0), "{report}");
    assert_eq!(place.logged_steps(id), (1..=12).collect::<Vec<_>>());
    // One job did it, and the row names it.
    let jobs = place.jobs();
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    assert_eq!(jobs[0]["name"], format!("fts-{id}-1"));
    assert_eq!(place.world.fts.get("fine_tuning_jobs", id)["cml_job_id"], jobs[0]["id"]);
    // Its folder there has served its purpose. What it was made from is not sent again.
    assert!(!place.there(id).exists());
    let uploads = place.bench.count("upload_file");
    let second = place.world.training("tickets-2", &json!({"steps": 2})).to_string();
    place.world.fts.json(&["train", "--target", "bench", "--wait", "--data", &second]);
    let again = place.bench.count("upload_file") - uploads;
    assert!(again < 12 && again < uploads / 2, "{again} files were sent again, and {uploads} before");
}

#[test]
fn a_training_stops_as_it_is_told_and_goes_on_from_its_checkpoint() {
    let place = Place::new();
    let until = place.world.fts.path("go-on");
    let id = place.train(&json!({"steps": 30, "holds_at": 12, "until": until}));
    place.until_step(&id, 11);
    let run = place.world.fts.json(&["stop", &id, "--wait"]);
    assert_eq!((&run["state"], &run["note"]), (&json!("stopped"), &json!("It stopped as asked.")), "{run}");
    place.world.fts.file("go-on", "");
    let run = place.world.fts.json(&["retry", &id, "--wait"]);
    assert_eq!(run["state"], "succeeded", "{run}");
    let points = place.report(&id)["account"]["series"][0]["points"].clone();
    let steps: Vec<u64> =
        points.as_array().expect("points").iter().filter_map(|point| point["step"].as_u64()).collect();
    assert_eq!(steps, (1..=30).collect::<Vec<_>>());
    place.assert_one_adapter(&id);
}

#[test]
fn an_evaluation_there_has_its_results_here() {
    let place = Place::new();
    let world = &place.world;
    let fields = json!({
        "dataset_id": world.dataset, "prompt_id": world.prompt,
        "model_adapter_combinations": [{"base_model_id": world.model}],
    });
    let run = world.fts.json(&["evaluate", "--target", "bench", "--wait", "--data", &fields.to_string()]);
    assert_eq!(run["state"], "succeeded", "{run}");
    let results = world.fts.json(&["results", run["id"].as_str().expect("an id")]);
    assert_eq!(results["total"], 3);
}

#[test]
fn a_training_goes_on_while_the_studio_is_closed_and_the_key_expires() {
    let place = Place::new();
    let enough = place.world.fts.path("enough");
    let id = place.train(&json!({"steps": 100_000, "pause_ms": 20, "enough": enough}));
    place.until_running(&id);
    // Another program takes it up, while the workbench refuses the key.
    place.bench.expire_key(true);
    let mut watching = place.world.start(&["run", "watch", &id]);
    let away = place.until(&id, "the mark", |report| report["elsewhere"]["unreachable_since"].is_string());
    assert_eq!(away["run"]["state"], "running");
    assert!(away["elsewhere"]["unreachable_why"].as_str().expect("why").contains("key"), "{away}");
    place.bench.expire_key(false);
    place.world.fts.file("enough", "");
    stories::wait::until("the end", || watching.try_wait().expect("it can be asked"));
    let run = place.report(&id);
    assert_eq!(run["run"]["state"], "succeeded", "{run}");
    assert_eq!(run["elsewhere"]["unreachable_since"], serde_json::Value::Null);
    place.assert_one_adapter(&id);
}

#[test]
fn a_run_whose_job_was_deleted_there_is_lost_for_that_reason() {
    let place = Place::new();
    let id = place.train(&json!({"steps": 100_000, "pause_ms": 20}));
    place.until_step(&id, 1);
    let job = place.jobs().remove(0);
    place
        .bench
        .remove(&format!("projects/{}/jobs", place.bench.project()), job["id"].as_str().expect("an id"));
    let run = place.until_over(&id);
    assert_eq!(run["state"], "lost", "{run}");
    assert!(run["note"].as_str().expect("a note").contains("deleted"), "{run}");
}
