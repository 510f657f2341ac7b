//! Fine-tuning jobs: kept with everything they were started with.

use serde_json::{Value, json};
use stories::Fts;

use crate::world::World;

fn job(world: &World) -> Value {
    json!({
        "adapter_name": "tickets-v1",
        "base_model_id": world.model,
        "dataset_id": world.dataset,
        "prompt_id": world.prompt,
        "learning_rate": 0.0002,
        "lora_config": r#"{"r": 16}"#,
    })
}

fn with(mut fields: Value, column: &str, value: Value) -> Value {
    fields[column] = value;
    fields
}

#[test]
fn what_was_not_said_takes_its_default() {
    let world = World::new();
    let id = world.fts.create("fine_tuning_jobs", &job(&world));
    let row = world.fts.get("fine_tuning_jobs", &id);
    assert_eq!(row["framework_type"], "legacy");
    assert_eq!((&row["num_epochs"], &row["num_workers"]), (&json!(1), &json!(1)));
    assert_eq!(row["learning_rate"], json!(0.0002));
    assert_eq!((&row["dataset_fraction"], &row["train_test_split"]), (&json!(1.0), &json!(0.9)));
}

#[test]
fn each_number_has_its_bounds() {
    let world = World::new();
    let cases = [
        ("num_epochs", json!(0)),
        ("num_epochs", json!(1.5)),
        ("num_gpu", json!(-1)),
        ("learning_rate", json!(0)),
        ("dataset_fraction", json!(1.2)),
        ("train_test_split", json!(0)),
        ("adapter_name", json!("two words")),
        ("lora_config", json!("r: 16")),
        ("framework_type", json!("other")),
        ("base_model_id", json!("nobody")),
        ("prompt_id", json!("nobody")),
    ];
    for (column, value) in cases {
        let refusal = world.fts.create_refused("fine_tuning_jobs", &with(job(&world), column, value.clone()));
        assert_eq!((refusal.code.as_str(), refusal.columns), ("invalid", vec![column.to_owned()]), "{value}");
    }
    let axolotl = with(job(&world), "framework_type", json!("axolotl"));
    assert_eq!(world.fts.create_refused("fine_tuning_jobs", &axolotl).columns, ["axolotl_config_id"]);
    assert_eq!(world.fts.count("fine_tuning_jobs"), 0);
}

#[test]
fn an_adapters_name_is_not_promised_twice() {
    let world = World::new();
    world.fts.create("fine_tuning_jobs", &job(&world));
    assert_eq!(world.fts.create_refused("fine_tuning_jobs", &job(&world)).code, "conflict");
    let taken = with(job(&world), "adapter_name", json!("First"));
    assert_eq!(world.fts.create_refused("fine_tuning_jobs", &taken).columns, ["adapter_name"]);
}

#[test]
fn one_is_found_changed_and_deleted() {
    let world = World::new();
    let fts: &Fts = &world.fts;
    let id = fts.create("fine_tuning_jobs", &job(&world));
    assert_eq!(fts.json(&["list", "fine_tuning_jobs", "--search", "v1"])["rows"][0]["id"], json!(id));
    let row = fts.json(&["update", "fine_tuning_jobs", &id, "--data", r#"{"num_epochs": 3}"#]);
    assert_eq!(row["num_epochs"], 3);
    assert_eq!(fts.refused(&["delete", "datasets", &world.dataset]).code, "in_use");
    fts.json(&["delete", "fine_tuning_jobs", &id]);
    assert_eq!(fts.count("fine_tuning_jobs"), 0);
}
