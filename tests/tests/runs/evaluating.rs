//! Evaluations.

use serde_json::{Value, json};
use stories::samples;

use crate::world::World;

fn adapter(world: &World) -> String {
    trained(world, "tickets-1", 0.9)
}

/// An adapter that was trained on that share of the rows.
fn trained(world: &World, name: &str, share: f64) -> String {
    let mut fields = world.training(name, &json!({}));
    fields["train_test_split"] = share.into();
    let run = world.fts.json(&["train", "--wait", "--data", &fields.to_string()]);
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

#[test]
fn an_adapter_is_evaluated_on_its_own_model() {
    let world = World::new();
    let adapter = adapter(&world);
    let folder = world.fts.path("other");
    samples::model(folder.as_ref());
    let other = world.fts.create("models", &json!({"type": "project", "name": "Other", "location": folder}));
    let mut fields = evaluation(&world, &adapter);
    fields["model_adapter_combinations"] = json!([{"base_model_id": other, "adapter_id": adapter}]);
    assert_eq!(world.fts.refused(&["evaluate", "--data", &fields.to_string()]).columns, ["adapter_id"]);
}

#[test]
fn who_may_have_seen_the_rows_is_named() {
    let world = World::new();
    let elsewhere = {
        let dataset = world.fts.import(&world.fts.file("more.csv", samples::tickets_csv(40)), "More");
        let mut fields = world.training("elsewhere", &json!({}));
        fields["dataset_id"] = dataset.into();
        fields["train_test_split"] = 0.7.into();
        let run = world.fts.json(&["train", "--wait", "--data", &fields.to_string()]);
        world.fts.get("fine_tuning_jobs", run["id"].as_str().expect("an id"))["adapter_id"].clone()
    };
    let (half, most) = (trained(&world, "half", 0.5), trained(&world, "most", 0.8));
    let mut fields = evaluation(&world, "");
    let with = |adapter: &Value| json!({"base_model_id": world.model, "adapter_id": adapter});
    fields["model_adapter_combinations"] =
        [elsewhere, half.into(), most.into()].iter().map(with).collect::<Vec<_>>().into();
    let plan = world.fts.run(&["evaluate", "--dry-run", "--data", &fields.to_string()]);
    let plan: Value = serde_json::from_str(&plan.out).expect("a plan");
    // The rows are those that the first one trained on this very dataset has not seen.
    assert_eq!(plan["held_back"], 15);
    let warned = plan["warnings"].as_array().expect("warnings").iter();
    let of_rows: Vec<&str> = warned
        .filter_map(|warning| warning["message"].as_str().filter(|text| text.contains("may know some")))
        .collect();
    assert_eq!(of_rows.len(), 1, "{of_rows:?}");
    assert!(of_rows[0].starts_with("'most' "), "{of_rows:?}");
}

#[test]
fn an_evaluation_that_failed_is_tried_again() {
    let world = World::new();
    let mut fields = evaluation(&world, &adapter(&world));
    fields["generation_config"] = json!({"fake": {"at": 1, "misfortune": "fail"}}).to_string().into();
    assert_eq!(world.fts.run(&["evaluate", "--wait", "--data", &fields.to_string()]).code, 1);
    let runs = world.fts.json(&["runs"]);
    let failed = runs.as_array().expect("runs").iter().find(|summary| summary["run"]["state"] == "failed");
    let job = failed.expect("the failed one")["jobs"][1].as_str().expect("a job").to_owned();
    // By one of its jobs.
    let again = world.fts.json(&["retry", &job, "--wait"]);
    assert_eq!((&again["state"], &again["attempt"]), (&json!("succeeded"), &json!(2)));
    assert_eq!(world.fts.json(&["results", &job])["rows"][0]["answers"][1]["exact_match"], 1.0);
}
