//! A run on a cluster, from its place in the queue to its adapter.

use serde_json::json;

use crate::place::Place;

#[test]
fn a_run_waits_in_the_queue_of_the_cluster_and_brings_its_adapter() {
    // Slurm has a queue of its own: two trainings are submitted at once, each for the whole node.
    let Some(place) = Place::on_slurm(&["--option", "sbatch=--exclusive"]) else { return };
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
    assert_eq!(place.jobs(), 2);
    place.world.fts.file("go-on", "");
    assert_eq!(place.until_over(&first)["state"], "succeeded");
    assert_eq!(place.until_over(&second)["state"], "succeeded");
    assert!(watcher.wait().expect("the watching program").success());
}
