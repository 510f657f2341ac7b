//! Folders with models and adapters, and the hub's local cache.

use std::fs;

use serde_json::json;
use stories::{Fts, samples};

#[test]
fn a_folder_says_what_it_holds() {
    let fts = Fts::new();
    let folder = fts.path("tiny");
    samples::model(folder.as_ref());
    let said = fts.json(&["inspect", &folder]);
    assert_eq!((&said["is"], &said["architectures"]), (&json!("model"), &json!(["LlamaForCausalLM"])));
    assert_eq!((&said["parameters"], &said["context_length"]), (&json!(56), &json!(2048)));
    let answer = fts.run(&["inspect", &folder]);
    assert!(answer.out.contains("LlamaForCausalLM") && answer.out.contains("BF16"), "{}", answer.out);

    let folder = fts.path("lora");
    samples::adapter(folder.as_ref(), "acme/tiny");
    let said = fts.json(&["inspect", &folder]);
    assert_eq!(
        (&said["is"], &said["rank"], &said["base_model"]),
        (&json!("adapter"), &json!(2), &json!("acme/tiny"))
    );
    assert_eq!((&said["parameters"], &said["problems"]), (&json!(16), &json!([])));

    let refusal = fts.refused(&["inspect", &fts.path(".")]);
    assert_eq!(refusal.code, "invalid");
    assert!(refusal.message.contains("neither a model"), "{}", refusal.message);
}

#[test]
fn the_cache_of_the_hub_is_listed_and_read() {
    let fts = Fts::new();
    assert_eq!(fts.json(&["hub-cache"])["repositories"], json!([]));
    let snapshot = fts.hub_cache().join("models--acme--tiny/snapshots/0123abc");
    samples::model(&snapshot);
    fs::create_dir_all(fts.hub_cache().join("datasets--acme--rows/snapshots/0123abc")).unwrap();
    let cache = fts.json(&["hub-cache"]);
    let mut names: Vec<_> = cache["repositories"].as_array().unwrap().iter().map(|r| &r["name"]).collect();
    names.sort_by_key(|name| name.as_str());
    assert_eq!(names, ["acme/rows", "acme/tiny"]);
    let answer = fts.run(&["hub-cache"]);
    assert!(answer.out.contains("acme/tiny") && answer.out.contains("0123abc"), "{}", answer.out);
}

#[test]
fn offline_a_name_is_saved_and_stays_unverified() {
    let fts = Fts::new();
    let id = fts.create("datasets", &json!({"type": "huggingface", "huggingface_name": "acme/rows"}));
    assert_eq!(fts.get("datasets", &id)["features"], json!(null));
    for arguments in [&["hub-info", "dataset", "acme/rows"], &["verify", "datasets", &*id]] {
        let refusal = fts.refused(arguments);
        assert_eq!(refusal.code, "unreachable");
        assert!(refusal.message.contains("work offline"), "{}", refusal.message);
    }
    assert_eq!(fts.run(&["hub-info", "space", "acme/rows"]).code, 2, "there are models and datasets");
}
