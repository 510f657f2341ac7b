//! What was trained here, written for other programs.

use std::fs;

use serde_json::{Value, json};

use crate::world::World;

/// The edges of a lineage: the ids of both ends, and the role.
fn edges(lineage: &Value) -> Vec<[String; 3]> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let edges = lineage["edges"].as_array().expect("edges").iter();
    edges.map(|edge| [text(&edge["from"]["id"]), text(&edge["to"]["id"]), text(&edge["role"])]).collect()
}

#[test]
fn a_merged_model_is_registered_with_its_lineage_and_answers_as_the_adapter() {
    let world = World::new();
    let training = world.train(&world.training("labels", &json!({"num_train_epochs": 2})));
    let adapter = world.fts.get("fine_tuning_jobs", &training)["adapter_id"].clone();
    let id = adapter.as_str().expect("an adapter");
    let to = world.fts.path("exported/merged");
    let merge = ["adapter", "merge", id, "--to", &to];

    let plan = world.fts.json(&[&merge[..], &["--dry-run"]].concat());
    assert_eq!((&plan["problems"], &plan["samples_of"]), (&json!([]), &json!("labels")), "{plan}");
    assert!(!fs::exists(&to).expect("a look"));
    let report = world.fts.json(&[&merge[..], &["--register"]].concat());
    let check = &report["checks"][0];
    assert_eq!((&check["passed"], &report["output"]), (&json!(true), &json!(to)), "{report}");
    let effect = report["facts"]["adapter_effect"].as_f64().expect("an effect");
    assert!(check["value"].as_f64() < Some(1e-3) && effect > 0.1, "{report}");

    let models = world.fts.json(&["list", "models"]);
    let model =
        models["rows"].as_array().expect("rows").iter().find(|model| model["location"] == to.as_str());
    let model = model.unwrap_or_else(|| panic!("{models}"))["id"].as_str().expect("an id").to_owned();
    let lineage = world.fts.json(&["lineage", "models", &model]);
    let found = edges(&lineage);
    assert!(found.contains(&[id, &model, "Merged"].map(str::to_owned)), "{lineage}");
    assert!(found.contains(&[&world.model, id, "Base model"].map(str::to_owned)), "{lineage}");

    let refused = world.fts.refused(&merge);
    assert!(refused.message.contains("exists already"), "{}", refused.message);
    let both = json!([{"base_model_id": world.model, "adapter_id": adapter}, {"base_model_id": model}]);
    let evaluation = world.evaluate(&both, &json!({"prompt_id": world.prompt}));
    let [with_adapter, merged] = [0, 1].map(|place| world.exact_match(&evaluation, place));
    assert!(with_adapter > 0.5 && with_adapter == merged, "{with_adapter} {merged}");

    // The export stays without its adapter, until it is removed by itself.
    world.fts.json(&["delete", "adapters", id, "--dependents", "detach"]);
    let exports = |runs: &Value| -> Vec<Value> {
        let runs = runs.as_array().expect("runs").iter().map(|summary| summary["run"].clone());
        runs.filter(|run| run["kind"] == "export").collect()
    };
    let [export] = exports(&world.fts.json(&["runs"])).try_into().expect("one export");
    world.fts.json(&["run", "remove", export["id"].as_str().expect("an id")]);
    assert_eq!(exports(&world.fts.json(&["runs"])), Vec::<Value>::new());
    assert!(fs::exists(&to).expect("a look"));
}
