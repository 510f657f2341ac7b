//! A run on a cluster, from its place in the queue to its adapter.

use serde_json::{Value, json};

use crate::place::Place;

#[test]
fn a_run_waits_in_the_queue_of_the_cluster_and_brings_its_adapter() {
    // Slurm has a queue of its own: two trainings are submitted at once, each for the whole node.
    let Some(place) = Place::on_slurm(1, &["--option", "sbatch=--exclusive"]) else { return };
    let until = place.world.fts.path("go-on");
    let first = place.train("first", &json!({"steps": 20, "holds_at": 5, "until": until}));
    let second = place.train("second", &json!({"steps": 5}));
    let mut watcher = place.watch(&second);
    place.until_step(&first, 4);
    // Slurm is asked every ten seconds, and at first neither job has a node.
    let waits = place.until(&second, "its place in the queue", |report| {
        report["run"]["state"] == "waiting" && report["elsewhere"]["reason"] == "Waits for free nodes."
    });
    assert_eq!(waits["elsewhere"]["place"], 1, "{waits}");
    assert_eq!(place.nodes_of_jobs(), ["1", "1"]);
    place.world.fts.file("go-on", "");
    assert_eq!(place.until_over(&first)["state"], "succeeded");
    assert_eq!(place.until_over(&second)["state"], "succeeded");
    assert!(watcher.wait().expect("the watching program").success());
}

#[test]
fn each_worker_of_a_training_is_a_node() {
    let Some(place) = Place::on_slurm(2, &[]) else { return };
    let until = place.world.fts.path("go-on");
    let mut fields = place.world.training("pair", &json!({"steps": 20, "holds_at": 5, "until": until}));
    fields["num_workers"] = 2.into();
    let run = place.world.fts.json(&["train", "--target", "box", "--data", &fields.to_string()]);
    let id = run["id"].as_str().expect("a run has an id");
    let mut watcher = place.watch(id);
    place.until_step(id, 4);
    assert_eq!(place.nodes_of_jobs(), ["2"]);
    let of = |folder: std::path::PathBuf| -> Value {
        serde_json::from_slice(&std::fs::read(folder.join("job.json")).expect("a job")).expect("JSON")
    };
    let (here, there) = (of(place.world.folder(id)), of(place.there(id)));
    assert_eq!((&here["processes"], &here["nodes"]), (&json!(2), &json!(2)));
    assert_eq!(there["processes"], 1, "those of one node");
    place.world.fts.file("go-on", "");
    assert_eq!(place.until_over(id)["state"], "succeeded");
    assert!(watcher.wait().expect("the watching program").success());
}

#[test]
fn workers_that_cannot_be_divided_among_the_nodes_are_refused() {
    let Some(place) = Place::on_slurm(2, &["--option", "nodes=2"]) else { return };
    let mut fields = place.world.training("three", &json!({"steps": 5}));
    fields["num_workers"] = 3.into();
    let refused = place.world.fts.refused(&["train", "--target", "box", "--data", &fields.to_string()]);
    assert!(refused.message.contains("3 workers can't be divided among the 2 nodes"), "{refused:?}");
}
