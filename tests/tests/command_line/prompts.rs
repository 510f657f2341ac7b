//! Prompts: templates over a dataset's columns.

use std::fs;

use serde_json::{Value, json};

use crate::world::World;

#[test]
fn the_training_text_is_composed_and_follows_its_parts() {
    let World { fts, prompt, .. } = World::new();
    let row = fts.get("prompts", &prompt);
    assert_eq!(row["prompt_template"], "Say the intent.\n{instruction}\n{intent}");

    let row = fts.json(&["update", "prompts", &prompt, "--data", r#"{"completion_template": " {intent}."}"#]);
    assert_eq!(row["prompt_template"], "Say the intent.\n{instruction}\n {intent}.");
    let own = r#"{"prompt_template": "{intent}: {instruction}"}"#;
    fts.json(&["update", "prompts", &prompt, "--data", own]);
    let row = fts.json(&["update", "prompts", &prompt, "--data", r#"{"completion_template": "{intent}"}"#]);
    assert_eq!(row["prompt_template"], "{intent}: {instruction}", "one's own text stays");
}

#[test]
fn a_placeholder_must_be_a_column() {
    let World { fts, dataset, .. } = World::new();
    let fields = json!({
        "name": "Second", "dataset_id": dataset,
        "input_template": "{instruction} {context}", "completion_template": "{intent",
    });
    let refusal = fts.create_refused("prompts", &fields);
    assert_eq!(refusal.code, "invalid");
    for column in ["input_template", "completion_template"] {
        assert!(refusal.columns.contains(&column.to_owned()), "{column}: {:?}", refusal.columns);
    }
    assert!(refusal.message.contains("{context}"), "names it: {}", refusal.message);
    assert!(refusal.message.contains("instruction"), "names what there is: {}", refusal.message);
}

#[test]
fn a_dataset_and_a_free_name_are_needed() {
    let World { fts, dataset, .. } = World::new();
    let missing = json!({
        "name": "Second", "dataset_id": "no such dataset",
        "input_template": "a", "completion_template": "b",
    });
    assert_eq!(fts.create_refused("prompts", &missing).columns, ["dataset_id"]);
    let taken = json!({
        "name": " Intent ", "dataset_id": dataset, "input_template": "a", "completion_template": "b",
    });
    let refusal = fts.create_refused("prompts", &taken);
    assert_eq!((refusal.code.as_str(), refusal.columns), ("conflict", vec!["name".to_owned()]));
}

#[test]
fn one_is_found_and_deleted() {
    let World { fts, prompt, adapter, .. } = World::new();
    let found = fts.json(&["list", "prompts", "--search", "intent say"]);
    assert_eq!(found["rows"][0]["id"], json!(prompt), "all words, in any order");
    assert_eq!(fts.refused(&["delete", "prompts", &prompt]).code, "in_use");
    fts.json(&["delete", "prompts", &prompt, "--dependents", "detach"]);
    assert_eq!(fts.get("adapters", &adapter)["prompt_id"], Value::Null);
    assert_eq!(fts.count("prompts"), 0);
}

#[test]
fn a_prompt_is_shown_with_the_values_of_a_row() {
    let World { fts, prompt, .. } = World::new();
    let shown = fts.json(&["render-prompt", &prompt, "--row", "2", "--limit", "3"]);
    assert_eq!(shown["row"]["number"], 2);
    let parts = shown["training"]["parts"].as_array().unwrap();
    let text: String = parts.iter().map(|part| part["text"].as_str().unwrap()).collect();
    assert!(text.starts_with("Say the intent.\n") && !text.contains('{'), "{text}");
    assert_eq!(parts.last().unwrap()["cut"], true);
    assert_eq!(shown["training"]["tokens"]["exact"], false);

    assert_eq!(fts.refused(&["render-prompt", &prompt, "--row", "999"]).code, "not_found");
    assert_eq!(fts.refused(&["render-prompt", "nobody"]).code, "not_found");
}

#[test]
fn templates_are_suggested_for_a_dataset() {
    let World { fts, dataset, .. } = World::new();
    let made = fts.json(&["suggest-prompt", &dataset]);
    assert_eq!(made["answer"], "intent");
    let fields = json!({
        "name": "Suggested", "dataset_id": dataset,
        "input_template": made["input_template"], "completion_template": made["completion_template"],
    });
    let row = fts.get("prompts", &fts.create("prompts", &fields));
    let ends = "\n\nInstruction: {instruction}\nIntent: {intent}";
    assert!(row["prompt_template"].as_str().unwrap().ends_with(ends), "{row}");
}

#[test]
fn tokens_are_counted_by_a_tokenizer_in_the_hubs_cache() {
    let World { fts, prompt, model, .. } = World::new();
    let count = || {
        let shown = fts.json(&["render-prompt", &prompt, "--model", &model]);
        (shown["completion"]["tokens"].clone(), shown["tokenizer"].clone())
    };
    assert_eq!(count().0["exact"], false, "acme/tiny was never fetched");

    let repository = fts.hub_cache().join("models--acme--tiny");
    fs::create_dir_all(repository.join("refs")).unwrap();
    fs::create_dir_all(repository.join("snapshots/0a1b")).unwrap();
    fs::write(repository.join("refs/main"), "0a1b\n").unwrap();
    let tokenizer = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
        "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
        "model": {"type": "WordLevel", "vocab": {"?": 0}, "unk_token": "?"},
    });
    let file = repository.join("snapshots/0a1b/tokenizer.json");
    fs::write(&file, tokenizer.to_string()).unwrap();
    assert_eq!(count(), (json!({"count": 1, "exact": true}), json!(file)));
}
