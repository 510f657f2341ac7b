//! Adapters: each belongs to a model.

use serde_json::{Value, json};

use crate::world::World;

#[test]
fn a_folder_becomes_an_adapter() {
    let World { fts, model, prompt, adapter, .. } = World::new();
    let row = fts.get("adapters", &adapter);
    assert_eq!(row["type"], "project");
    assert_eq!((&row["model_id"], &row["prompt_id"]), (&json!(model), &json!(prompt)));
    assert_eq!(row["fine_tuning_job_id"], Value::Null, "a missing reference is null, never empty");
}

#[test]
fn a_hub_adapter_needs_no_folder() {
    let World { fts, model, .. } = World::new();
    let fields = json!({"type": "huggingface", "huggingface_name": "acme/lora", "model_id": model});
    let id = fts.create("adapters", &fields);
    assert_eq!(fts.get("adapters", &id)["name"], "acme/lora");
}

#[test]
fn what_is_missing_is_named_at_once() {
    let World { fts, .. } = World::new();
    let refusal = fts.create_refused("adapters", &json!({"type": "project"}));
    assert_eq!(refusal.code, "invalid");
    for column in ["name", "model_id", "location"] {
        assert!(refusal.columns.contains(&column.to_owned()), "{column}: {:?}", refusal.columns);
    }
}

#[test]
fn a_model_that_is_not_there_is_refused() {
    let World { fts, .. } = World::new();
    let nobody = "00000000-0000-4000-8000-000000000000";
    let fields = json!({"name": "Second", "model_id": nobody, "location": fts.path(".")});
    let refusal = fts.create_refused("adapters", &fields);
    assert_eq!((refusal.code.as_str(), refusal.columns), ("invalid", vec!["model_id".to_owned()]));
    assert!(refusal.message.contains(nobody), "names it: {}", refusal.message);
}

#[test]
fn one_is_found_changed_and_deleted() {
    let World { fts, adapter, model, .. } = World::new();
    let taken = json!({"name": "First", "model_id": model, "location": fts.path(".")});
    assert_eq!(fts.create_refused("adapters", &taken).code, "conflict");

    let found = fts.json(&["list", "adapters", "--search", "first"]);
    assert_eq!(found["rows"][0]["id"], json!(adapter));
    let row = fts.json(&["update", "adapters", &adapter, "--data", r#"{"prompt_id": null}"#]);
    assert_eq!(row["prompt_id"], Value::Null);
    fts.json(&["delete", "adapters", &adapter]);
    assert_eq!(fts.count("adapters"), 0);
}
