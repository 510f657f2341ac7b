//! What is trained beside a new adapter: the whole model, or an adapter that was trained before.

use serde_json::json;

use crate::{
    recipe::{RECIPE, python, text},
    world::World,
};

/// The share of weights of two model folders that differ, and whether their names and shapes are the same.
const COMPARED: &str = r#"
import json, sys, torch
from safetensors.torch import load_file

base, trained = (load_file(f"{folder}/model.safetensors") for folder in sys.argv[1:])
same = {name: tensor.shape for name, tensor in base.items()} == {
    name: tensor.shape for name, tensor in trained.items()
}
changed = [not torch.equal(base[name].float(), trained[name].float()) for name in base]
print(json.dumps([same, sum(changed) / len(changed)]))
"#;

#[test]
fn a_whole_model_is_trained_registered_and_answers_by_itself() {
    let world = World::new();
    let mut fields = world.training("whole", &json!({"num_train_epochs": 2, "learning_rate": 0.001}));
    fields.as_object_mut().expect("fields").remove("lora_config");
    fields["tuning"] = "full".into();
    let training = world.train(&fields);
    assert_eq!(world.fts.count("adapters"), 0);
    let models = world.fts.json(&["list", "models"]);
    let model = models["rows"].as_array().expect("rows").iter().find(|model| model["name"] == "whole");
    let model = model.unwrap_or_else(|| panic!("{models}"));

    let folder = model["location"].as_str().expect("a folder");
    let compared = python(&["-c", COMPARED, &text(&RECIPE.join("model")), folder]);
    assert_eq!(serde_json::from_str::<(bool, f64)>(&compared).expect("two values"), (true, 1.0));

    // Without the model that it came from.
    world.fts.json(&["delete", "fine_tuning_jobs", &training]);
    let prompt = json!({"prompt_id": world.prompt});
    let right = world.exact_match(&world.evaluate(&json!([{"base_model_id": model["id"]}]), &prompt), 0);
    assert!(right > 0.9, "{right}");
}

#[test]
fn an_adapter_that_goes_on_begins_at_the_loss_where_it_ended() {
    let world = World::new();
    let first = world.train(&world.training("first", &json!({"num_train_epochs": 1})));
    let adapter = world.fts.get("fine_tuning_jobs", &first)["adapter_id"].clone();
    let more = json!({"num_train_epochs": 1, "logging_steps": 1, "eval_on_start": true});
    let mut fields = world.training("second", &more);
    fields.as_object_mut().expect("fields").remove("lora_config");
    fields["adapter_init"] = adapter;
    let second = world.train(&fields);

    let [ended, began] = [&first, &second].map(|run| world.measured(run, "eval_loss"));
    let (last, from) = (ended[ended.len() - 1].1, began[0].1);
    assert!((last - from).abs() < 1e-3, "it ended at {last} and goes on from {from}");
    assert!(began[began.len() - 1].1 < from, "it learns on: {began:?}");
}
