//! Folders with models and adapters, and the Hub's local cache.

use std::fs;

use fake_hub::{FakeHub, Fault, Repository};
use serde_json::json;
use stories::{Fts, samples, wait};

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
fn what_is_unusual_and_what_is_wrong_is_printed_with_the_facts() {
    let fts = Fts::new();
    let folder = fts.path("tiny");
    samples::model(folder.as_ref());
    let config = json!({
        "model_type": "internvl_chat", "quantization_config": {"load_in_4bit": true},
        "llm_config": {"vocab_size": 6, "rope_scaling": {"type": "yarn", "factor": 4.0}},
    });
    fs::write(format!("{folder}/config.json"), config.to_string()).unwrap();
    fs::write(format!("{folder}/tokenizer_config.json"), "{\"chat_template\": ").unwrap();
    fs::write(format!("{folder}/tokenizer.model"), "").unwrap();
    let answer = fts.run(&["model", "inspect", &folder]);
    for part in ["bitsandbytes", "yarn, factor 4", "tokenizer_config.json can't be parsed", "slow form"] {
        assert!(answer.out.contains(part), "{part}: {}", answer.out);
    }
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    fs::write(format!("{folder}/config.json"), pointer).unwrap();
    let refusal = fts.refused(&["model", "inspect", &folder]);
    assert!(refusal.message.contains("is a Git LFS pointer"), "{}", refusal.message);
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
    assert!(!answer.out.contains("unfinished"), "{}", answer.out);
    fs::remove_file(snapshot.join("model.safetensors")).unwrap();
    let answer = fts.run(&["hub-cache"]);
    assert!(answer.out.contains("unfinished"), "{}", answer.out);
    assert!(answer.out.contains("acme/tiny: Its download is not finished: model.safetensors is missing"));
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

#[test]
fn what_is_fetched_from_the_hub_can_be_used_at_once_and_a_stopped_fetch_goes_on() {
    let weights: Vec<u8> = (0..4_000_000_u32).map(|at| (at % 251) as u8).collect();
    let tiny = Repository::model("acme/tiny")
        .file("config.json", r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#)
        .large_file("model.safetensors", weights)
        .large_file("pytorch_model.bin", "other weights");
    let hub = FakeHub::new([tiny.clone()]);
    let fts = Fts::new().with_variable("HF_ENDPOINT", hub.address()).with_variable("HF_HUB_OFFLINE", "0");
    hub.fail("model.safetensors", [Fault::StopAfter(1_500_000)]);
    let mut child = fts.start(&["hub", "fetch", "model", "acme/tiny"]);
    let blobs = fts.hub_cache().join("models--acme--tiny/blobs");
    let received = || {
        let entries = fs::read_dir(&blobs).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum::<u64>()
    };
    wait::until("a part of the weights", || (received() >= 1_500_000).then_some(()));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fts.json(&["hub", "cache"])["repositories"][0]["state"], "unfinished");

    let fetched = fts.json(&["hub", "fetch", "model", "acme/tiny"]);
    assert_eq!((&fetched["revision"], &fetched["files"]), (&json!(tiny.commit()), &json!(2)));
    let received = fetched["received"].as_u64().unwrap();
    assert!(received <= 2_500_000, "what was there came again: {received}");
    assert_eq!(fetched["left_out"], json!(["pytorch_model.bin"]));
    assert_eq!(fts.json(&["hub", "cache"])["repositories"][0]["state"], "complete");

    hub.put(tiny.clone().large_file("model-2.safetensors", "x").file("tokenizer.json", "{}"));
    hub.fail("tokenizer.json", [Fault::StopAfter(1)]);
    fts.json(&["hub", "fetch", "model", "acme/tiny", "--detach"]);
    fts.json(&["hub", "transfers", "pause", "acme/tiny"]);
    let refusal = fts.refused(&["hub", "remove", "acme/tiny", "--yes"]);
    assert_eq!(
        (refusal.code.as_str(), refusal.message.as_str()),
        ("in_use", "A transfer of acme/tiny is paused.")
    );
    fts.json(&["hub", "transfers", "cancel", "acme/tiny"]);

    hub.put(Repository::model("acme/gated").file("config.json", "{}").gated());
    let refusal = fts.refused(&["hub", "fetch", "model", "acme/gated"]);
    assert_eq!(
        refusal.message,
        "acme/gated is no model: it has weights neither as safetensors nor for PyTorch."
    );
    let refusal = fts.refused(&["hub", "fetch", "adapter", "acme/tiny"]);
    assert_eq!(refusal.message, "acme/tiny is no adapter: it has no adapter_config.json.");
    let refusal = fts.refused(&["hub", "fetch", "dataset", "acme/none"]);
    assert_eq!(refusal.code, "unreachable");
}
