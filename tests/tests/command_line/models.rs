//! Models: what each type asks for.

use serde_json::{Value, json};
use stories::Fts;

use crate::world::World;

#[test]
fn a_hub_model_takes_its_hub_name() {
    let fts = Fts::new();
    let id = fts.create("models", &json!({"type": "huggingface", "huggingface_model_name": "  acme/tiny "}));
    let row = fts.get("models", &id);
    assert_eq!((&row["name"], &row["huggingface_model_name"]), (&json!("acme/tiny"), &json!("acme/tiny")));
    assert_eq!(row["location"], Value::Null);
    assert_eq!(id.len(), 36, "a random UUID");
}

#[test]
fn every_type_asks_for_its_own() {
    let fts = Fts::new();
    let cases = [
        (json!({"type": "huggingface"}), "huggingface_model_name"),
        (json!({"type": "huggingface", "huggingface_model_name": "not a name"}), "huggingface_model_name"),
        (json!({"type": "project", "name": "Mine"}), "location"),
        (json!({"type": "project", "name": "Mine", "location": "/no/such/folder"}), "location"),
        (json!({"type": "model_registry", "name": "Registered"}), "cml_registered_model_id"),
        (json!({"type": "elsewhere", "name": "Mine"}), "type"),
        (json!({"type": "huggingface", "huggingface_model_name": "a/b", "colour": "red"}), "colour"),
    ];
    for (fields, column) in cases {
        let refusal = fts.create_refused("models", &fields);
        assert_eq!(refusal.code, "invalid", "{fields}");
        assert!(refusal.columns.contains(&column.to_owned()), "{fields}: {:?}", refusal.columns);
    }
    assert_eq!(fts.count("models"), 0);

    fts.create("models", &json!({"type": "project", "name": "Mine", "location": fts.path(".")}));
    let registered =
        json!({"type": "model_registry", "name": "Registered", "cml_registered_model_id": "abc"});
    fts.create("models", &registered);
    assert_eq!(fts.count("models"), 2);
}

#[test]
fn the_same_hub_name_is_refused() {
    let fts = Fts::new();
    fts.create("models", &json!({"huggingface_model_name": "acme/tiny"}));
    let refusal = fts.create_refused("models", &json!({"huggingface_model_name": " acme/tiny"}));
    assert_eq!(refusal.code, "conflict");
    assert!(refusal.columns.contains(&"huggingface_model_name".to_owned()), "{:?}", refusal.columns);
}

#[test]
fn one_is_found_changed_and_deleted_with_its_dependents() {
    let World { fts, model, adapter, prompt, .. } = World::new();
    let found = fts.json(&["list", "models", "--search", "TINY"]);
    assert_eq!(found["rows"][0]["id"], json!(model));
    assert_eq!(fts.json(&["list", "models", "--search", "nothing like it"])["total"], 0);

    let row =
        fts.json(&["update", "models", &model, "--data", r#"{"framework": "pytorch", "name": "Tiny"}"#]);
    assert_eq!((&row["framework"], &row["name"]), (&json!("pytorch"), &json!("Tiny")));

    assert_eq!(fts.refused(&["delete", "models", &model]).code, "in_use");
    fts.json(&["delete", "models", &model, "--dependents", "delete"]);
    assert_eq!((fts.count("models"), fts.count("adapters")), (0, 0));
    assert_eq!(fts.refused(&["get", "adapters", &adapter]).code, "not_found");
    assert_eq!(fts.get("prompts", &prompt)["name"], "Intent", "what does not refer to it stays");
}
