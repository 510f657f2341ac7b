//! Evaluation jobs: a model, perhaps an adapter of it, and rows to answer.

use serde_json::{Value, json};

use crate::world::World;

fn job(world: &World) -> Value {
    json!({"base_model_id": world.model, "dataset_id": world.dataset, "prompt_id": world.prompt})
}

#[test]
fn a_base_model_may_be_measured_alone_and_without_gpu() {
    let world = World::new();
    let id = world.fts.create("evaluation_jobs", &job(&world));
    let row = world.fts.get("evaluation_jobs", &id);
    assert_eq!((&row["type"], &row["adapter_id"]), (&json!("mlflow"), &Value::Null));
    assert_eq!(row["num_gpu"], 0);
}

#[test]
fn what_it_needs_must_be_there() {
    let world = World::new();
    let refusal = world.fts.create_refused("evaluation_jobs", &json!({}));
    assert_eq!(refusal.code, "invalid");
    for column in ["base_model_id", "dataset_id"] {
        assert!(refusal.columns.contains(&column.to_owned()), "{column}: {:?}", refusal.columns);
    }
    let mut fields = job(&world);
    fields["prompt_id"] = Value::Null;
    assert_eq!(world.fts.create_refused("evaluation_jobs", &fields).columns, ["prompt_id"]);
}

#[test]
fn an_adapter_must_be_one_of_the_model() {
    let world = World::new();
    let other = world.fts.create("models", &json!({"huggingface_model_name": "acme/other"}));
    let mut fields = job(&world);
    fields["adapter_id"] = json!(world.adapter);
    world.fts.create("evaluation_jobs", &fields);
    fields["base_model_id"] = json!(other);
    assert_eq!(world.fts.create_refused("evaluation_jobs", &fields).columns, ["adapter_id"]);
}

#[test]
fn one_is_found_changed_and_deleted_with_its_prompt() {
    let world = World::new();
    let id = world.fts.create("evaluation_jobs", &job(&world));
    assert_eq!(world.fts.json(&["list", "evaluation_jobs", "--search", &id])["total"], 1);
    let row = world.fts.json(&["update", "evaluation_jobs", &id, "--data", r#"{"num_cpu": 4}"#]);
    assert_eq!(row["num_cpu"], 4);
    let deleted = world.fts.json(&["delete", "prompts", &world.prompt, "--dependents", "delete"]);
    assert_eq!(world.fts.count("evaluation_jobs"), 0);
    let tables: Vec<&Value> =
        deleted["deleted"].as_array().unwrap().iter().map(|count| &count["table"]).collect();
    assert_eq!(tables, ["adapters", "prompts", "evaluation_jobs"]);
}

#[test]
fn the_list_names_what_each_measures() {
    let world = World::new();
    let alone = world.fts.create("evaluation_jobs", &job(&world));
    let mut fields = job(&world);
    fields["adapter_id"] = json!(world.adapter);
    let with_adapter = world.fts.create("evaluation_jobs", &fields);
    let list = world.fts.run(&["list", "evaluation_jobs"]).out;
    assert!(list.contains(&format!("acme/tiny on Tickets, {}", &alone[..8])), "{list}");
    assert!(list.contains(&format!("First on Tickets, {}", &with_adapter[..8])), "{list}");
}
