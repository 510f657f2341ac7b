//! What is trained beside a new adapter: the whole model, or an adapter that was trained before.

use serde_json::json;

use crate::{
    methods,
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

/// Copies a model, with two tokens added to its tokenizer that it has no embeddings for, and a template of them.
const WITH_ADDED_TOKENS: &str = r#"
import sys
from transformers import AutoModelForCausalLM, AutoTokenizer

source, folder = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(source)
tokenizer.add_tokens(["<|im_start|>", "<|im_end|>"], special_tokens=True)
tokenizer.chat_template = (
    "{% for turn in messages %}{{ '<|im_start|>' + turn['role'] + '\n' + turn['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
tokenizer.save_pretrained(folder)
AutoModelForCausalLM.from_pretrained(source).save_pretrained(folder)
"#;

#[test]
fn added_tokens_are_learned_where_it_is_chosen_and_evaluated_and_merged() {
    let mut world = methods::world(methods::CONVERSATIONS);
    let folder = world.fts.path("with-added-tokens");
    python(&["-c", WITH_ADDED_TOKENS, &text(&RECIPE.join("model")), &folder]);
    world.model =
        world.fts.create("models", &json!({"type": "project", "name": "Added", "location": folder}));
    let fields = |more: serde_json::Value| {
        let mut fields = world.training("added-tokens", &more);
        fields.as_object_mut().expect("fields").remove("prompt_id");
        fields
    };
    let refused = world.fts.refused(&["train", "--data", &fields(json!({})).to_string()]);
    assert_eq!(refused.columns, ["chat_template"], "{refused:?}");

    let training = world.train(&fields(json!({"num_train_epochs": 5, "resize_embeddings": true})));
    let adapter = world.fts.get("fine_tuning_jobs", &training)["adapter_id"].clone();
    let to = world.fts.path("exported/merged");
    let merge = ["adapter", "merge", adapter.as_str().expect("an id"), "--to", &to, "--register"];
    world.fts.json(&merge);
    let models = world.fts.json(&["list", "models"]);
    let merged =
        models["rows"].as_array().expect("rows").iter().find(|model| model["location"] == to.as_str());
    let merged = merged.unwrap_or_else(|| panic!("{models}"));
    let evaluation = world.evaluate(
        &json!([
            {"base_model_id": world.model}, {"base_model_id": world.model, "adapter_id": adapter},
            {"base_model_id": merged["id"]},
        ]),
        &json!({}),
    );
    let [base, trained, whole] = [0, 1, 2].map(|place| world.exact_match(&evaluation, place));
    assert!(trained > base + 0.3, "the adapter: {trained}, its base: {base}");
    assert!((trained - whole).abs() < 0.02, "the adapter: {trained}, merged: {whole}");
}
