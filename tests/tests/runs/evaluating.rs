//! Evaluations.

use serde_json::{Value, json};

use crate::world::World;

fn adapter(world: &World) -> String {
    let run =
        world.fts.json(&["train", "--wait", "--data", &world.training("tickets-1", &json!({})).to_string()]);
    let job = world.fts.get("fine_tuning_jobs", run["id"].as_str().expect("an id"));
    job["adapter_id"].as_str().expect("an adapter").to_owned()
}

fn evaluation(world: &World, adapter: &str) -> Value {
    json!({
        "dataset_id": world.dataset, "prompt_id": world.prompt,
        "model_adapter_combinations": [
            {"base_model_id": world.model},
            {"base_model_id": world.model, "adapter_id": adapter},
        ],
        "selected_features": ["intent"],
    })
}

#[test]
fn base_and_adapter_answer_the_rows_that_were_held_back() {
    let world = World::new();
    let adapter = adapter(&world);
    let run = world.fts.json(&["evaluate", "--wait", "--data", &evaluation(&world, &adapter).to_string()]);
    assert_eq!(run["state"], "succeeded");
    let id = run["id"].as_str().expect("an id");
    assert_eq!(world.fts.count("evaluation_jobs"), 2);
    let results = world.fts.json(&["results", id]);
    assert_eq!(results["total"], 3);
    assert_eq!(results["combinations"][0]["adapter"], Value::Null);
    assert_eq!(results["combinations"][1]["adapter"], "tickets-1");
    for row in results["rows"].as_array().expect("rows") {
        assert_eq!(row["answers"][1]["output"], row["expected"]);
        assert_eq!(row["features"], json!({"intent": row["expected"]}));
    }
    // A job leads to the run that did it.
    let job = results["combinations"][1]["job"].as_str().expect("a job");
    assert_eq!(world.fts.get("evaluation_jobs", job)["parent_job_id"], id);
    let report = world.fts.json(&["show-run", job]);
    assert_eq!(report["account"]["combinations"][1]["metrics"], json!({"exact_match/v1": 1.0}));
    assert_eq!(world.fts.count("models"), 1, "no model is registered as a side effect");
}

#[test]
fn a_part_of_the_rows_is_a_fixed_sample() {
    let world = World::new();
    let mut fields = evaluation(&world, "");
    fields["model_adapter_combinations"] = json!([{"base_model_id": world.model}]);
    fields["eval_dataset_fraction"] = 0.5.into();
    let rows = || -> Vec<u64> {
        let run = world.fts.json(&["evaluate", "--wait", "--data", &fields.to_string()]);
        let results = world.fts.json(&["results", run["id"].as_str().expect("an id")]);
        results["rows"].as_array().expect("rows").iter().filter_map(|row| row["row"].as_u64()).collect()
    };
    let first = rows();
    assert_eq!(first.len(), 2);
    assert_eq!(rows(), first);
}

#[test]
fn what_can_not_be_evaluated_is_refused_by_its_column() {
    let world = World::new();
    let mut fields = evaluation(&world, "nowhere");
    fields["selected_features"] = json!(["not a column"]);
    let refusal = world.fts.refused(&["evaluate", "--data", &fields.to_string()]);
    assert_eq!(refusal.columns, ["adapter_id", "selected_features"]);
    let none = json!({"dataset_id": world.dataset, "prompt_id": world.prompt});
    assert_eq!(
        world.fts.refused(&["evaluate", "--data", &none.to_string()]).columns,
        ["base_model_id", "dataset_id"][..1]
    );
    assert_eq!(world.fts.count("evaluation_jobs"), 0);
}
