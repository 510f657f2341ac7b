//! Stopped in the midst, and gone on with.

use serde_json::{Value, json};
use stories::wait;

use crate::world::World;

#[test]
fn stopped_and_retried_it_takes_the_steps_of_an_undisturbed_one() {
    let world = World::new();
    // Nothing but the stop itself saves.
    let more =
        json!({"num_train_epochs": 12, "logging_steps": 1, "eval_strategy": "no", "save_strategy": "no"});
    let undisturbed = world.train(&world.training("undisturbed", &more));
    let steps = world.account(&undisturbed)["step"].as_u64().expect("steps");

    let run = world.fts.json(&["train", "--data", &world.training("disturbed", &more).to_string()]);
    let id = run["id"].as_str().expect("an id").to_owned();
    wait::until("its tenth step", || (world.account(&id)["step"].as_u64()? >= 10).then_some(()));
    let stopped = world.fts.json(&["stop", &id, "--wait"]);
    assert_eq!(stopped["state"], "stopped", "{stopped}");
    let account = world.account(&id);
    let [Value::Number(kept)] = account["checkpoints"].as_array().expect("a list").as_slice() else {
        panic!("not one checkpoint: {account}")
    };
    let kept = kept.as_u64().expect("a step");
    assert!((10..steps).contains(&kept), "stopped at {kept} of {steps}");
    assert_eq!(world.fts.get("fine_tuning_jobs", &id)["adapter_id"], Value::Null);

    let again = world.fts.json(&["retry", &id, "--wait"]);
    assert_eq!((&again["state"], &again["attempt"]), (&json!("succeeded"), &json!(2)), "{again}");
    let account = world.account(&id);
    assert_eq!((&account["step"], &account["max_steps"]), (&json!(steps), &json!(steps)));
    let notes = account["notes"].to_string();
    assert!(notes.contains(&format!("Going on from checkpoint-{kept}.")), "{notes}");
    assert!(world.fts.get("fine_tuning_jobs", &id)["adapter_id"].is_string());

    // Each step was taken once, with the rows it has in the undisturbed one.
    let [one, other] = [&undisturbed, &id].map(|id| world.measured(id, "loss"));
    assert_eq!(one.len(), other.len());
    for ((step, loss), (same, like)) in one.iter().zip(&other) {
        assert_eq!(step, same);
        assert!((loss - like).abs() <= 1e-3 + loss * 1e-2, "step {step}: {loss} and {like}");
    }
}
