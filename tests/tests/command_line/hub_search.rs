//! Searching the Hub, and removing from its local cache.

use std::fs;

use fake_hub::{FakeHub, Fault, Repository};
use serde_json::{Value, json};
use stories::{Fts, samples};

fn model(name: &str, billions: u64) -> Repository {
    let parameters = billions * 1_000_000_000;
    Repository::model(name).listed(&json!({
        "downloads": 100 + billions, "pipeline_tag": "text-generation",
        "safetensors": {"parameters": {"BF16": parameters}, "total": parameters},
        "tags": ["safetensors", "license:apache-2.0"],
    }))
}

fn names(results: &Value) -> Vec<&str> {
    let results = results["results"].as_array().unwrap();
    results.iter().map(|result| result["found"]["name"].as_str().unwrap()).collect()
}

#[test]
fn a_search_puts_first_what_this_machine_can_train_and_says_what_is_here() {
    let small = Repository::model("acme/small").listed(&json!({
        "downloads": 1, "pipeline_tag": "text-generation",
        "safetensors": {"parameters": {"F32": 1_000_000}, "total": 1_000_000},
        "tags": ["safetensors", "license:mit"],
    }));
    let rows =
        Repository::dataset("acme/small-rows").listed(&json!({"downloads": 3, "tags": ["format:json"]}));
    let hub =
        FakeHub::new([model("acme/huge", 90_000), model("acme/gated-huge", 95_000).gated(), small, rows]);
    let fts = Fts::new().with_variable("HF_ENDPOINT", hub.address()).with_variable("HF_HUB_OFFLINE", "0");
    let id = fts.create("models", &json!({"huggingface_model_name": "acme/small"}));
    samples::model(&fts.hub_cache().join("models--acme--small/snapshots/0123abc"));

    let found = fts.json(&["hub", "search", "model", "acme"]);
    assert_eq!(names(&found), ["acme/small", "acme/gated-huge", "acme/huge"]);
    let first = &found["results"][0];
    assert_eq!((&first["fit"], &first["cached"]), (&json!("fits"), &json!("complete")));
    assert_eq!(first["row"], json!({"table": "models", "id": id}));
    assert_eq!(found["results"][2]["fit"], "too_large");
    let answer = fts.run(&["hub", "search", "model", "acme"]);
    for part in ["too large", "access on request", "on this machine", "in the studio", "90000.0B", "mit"] {
        assert!(answer.out.contains(part), "{part}: {}", answer.out);
    }

    for (arguments, wanted) in [
        (["--size-max", "2B"], "acme/small"),
        (["--license", "mit"], "acme/small"),
        (["--limit", "1"], "acme/gated-huge"),
    ] {
        let found = fts.json(&[&["hub", "search", "model", "acme"], &arguments[..]].concat());
        assert_eq!(names(&found), [wanted], "{arguments:?}");
    }
    assert_eq!(names(&fts.json(&["hub", "search", "dataset", "", "--format", "json"])), ["acme/small-rows"]);
    let refusal = fts.refused(&["hub", "search", "dataset", "a", "--format", "gguf"]);
    assert_eq!(refusal.message, "No dataset has the format gguf.");
    assert_eq!(fts.run(&["hub", "search", "model", "a", "--size-max", "7GB"]).code, 2);

    hub.fail("search", [Fault::Status(429, None)]);
    let answer = fts.run(&["hub", "search", "model", "acme"]);
    assert!(
        answer
            .out
            .contains("The Hub received too many requests. These are the repositories on this machine.")
    );
    assert!(answer.out.contains("acme/small") && !answer.out.contains("acme/huge"), "{}", answer.out);
}

#[test]
fn offline_a_search_lists_the_cache() {
    let fts = Fts::new();
    samples::model(&fts.hub_cache().join("models--acme--tiny/snapshots/0123abc"));
    let found = fts.json(&["hub", "search", "model", "TINY"]);
    assert_eq!((names(&found), &found["source"]), (vec!["acme/tiny"], &json!("cache")));
    assert!(found["answer"]["message"].as_str().unwrap().contains("set to work offline"));
    assert_eq!(found["results"][0]["fit"], "fits");
    assert_eq!(names(&fts.json(&["hub", "search", "model", "other"])), [""; 0]);
}

#[test]
fn what_is_removed_from_the_cache_says_who_used_it() {
    let fts = Fts::new();
    let snapshot = fts.hub_cache().join("models--acme--tiny/snapshots/0123abc");
    samples::model(&snapshot);
    fs::create_dir_all(fts.hub_cache().join("datasets--acme--tiny/snapshots/0123abc")).unwrap();
    fts.create("models", &json!({"name": "By name", "huggingface_model_name": "acme/tiny"}));
    fts.create("models", &json!({"type": "project", "name": "By folder", "location": snapshot}));

    let refusal = fts.refused(&["hub", "remove", "acme/tiny", "--yes"]);
    assert!(refusal.message.contains("a model acme/tiny") && refusal.message.contains("and a dataset"));
    let answer = fts.run(&["hub", "remove", "acme/tiny", "--kind", "model"]);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("model By name") && answer.out.contains("model By folder"), "{}", answer.out);
    assert!(answer.err.contains("Nothing was removed.") && answer.err.contains("--yes"), "{}", answer.err);
    assert!(snapshot.exists());

    // As another program of the studio has it that loaded the model.
    let locks = fts.hub_cache().join(".locks/models--acme--tiny");
    fs::create_dir_all(&locks).unwrap();
    let held = fs::File::create(locks.join("studio-held.lock")).unwrap();
    held.lock_shared().unwrap();
    let refusal = fts.refused(&["hub", "remove", "acme/tiny", "--kind", "model", "--yes"]);
    assert_eq!(
        (refusal.code.as_str(), refusal.message.as_str()),
        ("in_use", "acme/tiny is loaded by Try it or Serve.")
    );
    drop(held);

    let removed = fts.json(&["hub", "remove", "acme/tiny", "--kind", "model", "--yes"]);
    assert_eq!(removed["rows"].as_array().unwrap().len(), 2);
    assert!(removed["removed"]["bytes"].as_u64().unwrap() > 0);
    let left = fts.json(&["hub", "cache"]);
    assert_eq!(left["repositories"].as_array().unwrap().len(), 1);
    assert_eq!(left["repositories"][0]["kind"], "dataset");
    assert_eq!(fts.refused(&["hub", "remove", "acme/none", "--yes"]).code, "not_found");
}
