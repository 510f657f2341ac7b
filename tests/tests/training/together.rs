//! Two processes that train together on the processor.

use serde_json::{Value, json};

use crate::world::World;

#[test]
fn two_processes_train_as_one_with_the_same_rows_a_step() {
    let world = World::new();
    let train = |name: &str, workers: u64| {
        let more = json!({"per_device_train_batch_size": 16 / workers, "logging_steps": 1});
        let mut fields = world.training(name, &more);
        fields["num_workers"] = workers.into();
        let plan = world.fts.json(&["run", "train", "--dry-run", "--data", &fields.to_string()]);
        assert_eq!((&plan["processes"], &plan["rows_a_step"]), (&json!(workers), &json!(16)), "{plan}");
        let id = world.train(&fields);
        let account = world.account(&id);
        assert_eq!(account["facts"]["processes"], workers);
        assert_eq!((&account["step"], &account["max_steps"]), (&plan["steps"], &plan["steps"]));
        id
    };
    let [alone, together] = [("alone", 1), ("together", 2)].map(|(name, workers)| train(name, workers));
    let [one, two] = [&alone, &together].map(|id| world.measured(id, "loss"));
    assert_eq!(one.len(), two.len());
    for ((step, loss), (same, like)) in one.iter().zip(&two) {
        assert_eq!(step, same);
        assert!((loss - like).abs() <= 1e-2 + loss * 5e-2, "step {step}: {loss} and {like}");
    }
    let job = world.fts.get("fine_tuning_jobs", &together);
    assert!(job["adapter_id"].is_string() && job["num_workers"] == 2, "{job}");
    let runs: Value = world.fts.json(&["show-run", &together]);
    assert_eq!(runs["specification"]["processes"], 2);
}
