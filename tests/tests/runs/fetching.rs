//! Runs that need something which is not on this machine: one start fetches it, and then the run begins.

use std::{
    fs,
    io::{BufRead as _, BufReader},
};

use fake_hub::{FakeHub, Fault, Repository};
use serde_json::{Value, json};
use stories::{Fts, samples, wait};

use crate::world::World;

const TEMPLATE: &str = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}";

/// The files of a small model with a chat template, and a file that makes it large.
fn tiny(fts: &Fts) -> Repository {
    let folder = fts.path("of-the-hub");
    samples::model(folder.as_ref());
    let template = json!({"chat_template": TEMPLATE}).to_string();
    let mut tiny = Repository::model("acme/tiny").file("tokenizer_config.json", template);
    for entry in fs::read_dir(folder).expect("the model's folder").flatten() {
        let (name, content) = (entry.file_name(), fs::read(entry.path()).expect("a file"));
        tiny = tiny.large_file(&name.to_string_lossy(), content);
    }
    tiny
}

/// A studio whose model is on the Hub alone.
fn world() -> (World, FakeHub) {
    let fts = Fts::new();
    let hub = FakeHub::new([tiny(&fts)]);
    let fts = fts.with_variable("HF_ENDPOINT", hub.address()).with_variable("HF_HUB_OFFLINE", "0");
    let fts = fts.with_variable("FINE_TUNING_STUDIO_DATASETS_SERVER", hub.address());
    let world = World::on(fts);
    let row = json!({"type": "huggingface", "huggingface_model_name": "acme/tiny"});
    let model = world.fts.create("models", &row);
    (World { model, ..world }, hub)
}

fn frozen(world: &World, id: &str) -> Value {
    let text = fs::read(world.folder(id).join("job.json")).expect("a frozen job");
    serde_json::from_slice(&text).expect("JSON")
}

fn id(run: &Value) -> String {
    run["id"].as_str().expect("a run has an id").to_owned()
}

#[test]
fn one_start_fetches_the_model_and_trains_it_from_its_folder() {
    let (world, _hub) = world();
    let fields = world.training("tickets-1", &json!({"steps": 2})).to_string();
    let run = world.fts.json(&["run", "train", "--wait", "--data", &fields]);
    assert_eq!(run["state"], "succeeded", "{run}");
    let source = frozen(&world, &id(&run))["model"]["source"].as_str().expect("a folder").to_owned();
    assert!(source.contains("models--acme--tiny/snapshots/"), "{source}");
    assert!(fs::exists(format!("{source}/model.safetensors")).expect("a folder can be read"));
    assert!(!fs::exists(world.folder(&id(&run)).join("needed.json")).expect("a folder can be read"));
    let transfers = world.fts.json(&["hub", "transfers"]);
    assert_eq!((&transfers[0]["state"], &transfers[0]["run"]), (&json!("done"), &run["id"]));
}

#[test]
fn what_follows_from_the_files_is_found_out_when_they_are_there() {
    let (world, hub) = world();
    let message = |role: &str, text: &str| json!({"role": role, "content": text});
    let rows: String = (0..20)
        .map(|n| json!({"messages": [message("user", &format!("{n}?")), message("assistant", "yes")]}))
        .map(|row| format!("{row}\n"))
        .collect();
    hub.put(Repository::dataset("acme/talks").file("talks.jsonl", rows));
    let dataset =
        world.fts.create("datasets", &json!({"type": "huggingface", "huggingface_name": "acme/talks"}));
    let fields = json!({"adapter_name": "talks", "base_model_id": world.model, "dataset_id": dataset,
        "training_arguments_config": json!({"fake": {"steps": 2}}).to_string()});
    let plan = world.fts.json(&["train", "--dry-run", "--data", &fields.to_string()]);
    assert_eq!(plan["problems"], json!([]), "{plan}");
    let planned: Vec<&Value> =
        plan["fetches"].as_array().expect("a list").iter().map(|fetch| &fetch["name"]).collect();
    assert_eq!(planned, ["acme/talks", "acme/tiny"]);
    assert_eq!(plan["rows"], Value::Null);

    let run = world.fts.json(&["run", "train", "--wait", "--data", &fields.to_string()]);
    assert_eq!(run["state"], "succeeded", "{run}");
    let job = frozen(&world, &id(&run));
    assert_eq!(job["row_format"], "conversation");
    assert_eq!(job["chat"]["template"]["text"], TEMPLATE);
    assert_eq!(job["rows"]["train"], 18, "{job}");
    let row = world.fts.get("fine_tuning_jobs", &id(&run));
    assert_eq!(row["choices"]["row_format"], "conversation", "{row}");
}

#[test]
fn an_evaluation_fetches_its_models_too() {
    let (world, _hub) = world();
    let fields = json!({"dataset_id": world.dataset, "prompt_id": world.prompt,
        "model_adapter_combinations": [{"base_model_id": world.model}]});
    let run = world.fts.json(&["run", "evaluate", "--wait", "--data", &fields.to_string()]);
    assert_eq!(run["state"], "succeeded", "{run}");
    let jobs = world.fts.json(&["list", "evaluation_jobs"]);
    assert_eq!(frozen(&world, &id(&run))["combinations"][0]["job"], jobs["rows"][0]["id"], "{jobs}");
}

#[test]
fn a_fetch_that_fails_fails_the_run_with_its_sentence_and_a_retry_fetches_again() {
    let (world, hub) = world();
    hub.fail("model.safetensors", [Fault::OtherBytes, Fault::OtherBytes]);
    let fields = world.training("tickets-1", &json!({"steps": 2})).to_string();
    let answer = world.fts.run(&["--json", "run", "train", "--wait", "--data", &fields]);
    let run: Value = serde_json::from_str(&answer.out).expect("a run");
    assert_eq!((answer.code, &run["state"]), (1, &json!("failed")));
    let note = run["note"].as_str().expect("a reason");
    assert!(note.starts_with("model.safetensors of acme/tiny is damaged"), "{note}");
    assert!(run["hint"].as_str().is_some_and(|hint| hint.starts_with("Try again later")), "{run}");
    let again = world.fts.json(&["run", "retry", &id(&run), "--wait"]);
    assert_eq!(again["state"], "succeeded", "{again}");
}

#[test]
fn to_stop_the_run_pauses_what_is_fetched_for_it() {
    let (world, hub) = world();
    hub.fail("model.safetensors", [Fault::StopAfter(10)]);
    let fields = world.training("tickets-1", &json!({"steps": 2})).to_string();
    let mut starting = world.start(&["run", "train", "--wait", "--data", &fields]);
    let run = wait::until("the transfer to run", || {
        let runs = world.fts.json(&["run", "list"]);
        let summary = runs[0].clone();
        let message = summary["message"].as_str().unwrap_or_default();
        message.starts_with("Fetching acme/tiny").then(|| summary["run"].clone())
    });
    let report = world.fts.json(&["run", "show", &id(&run)]);
    assert_eq!(
        (&report["run"]["state"], &report["transfers"][0]["name"]),
        (&json!("preparing"), &json!("acme/tiny"))
    );
    world.fts.json(&["run", "stop", &id(&run), "--wait"]);
    let stopped = world.until_over(&id(&run));
    assert_eq!(stopped["state"], "stopped");
    assert_eq!(stopped["note"], "It was stopped while what it needs was fetched. What was received is kept.");
    assert_eq!(starting.wait().expect("it ends").code(), Some(3));
    assert_eq!(world.fts.json(&["hub", "transfers"])[0]["state"], "paused");
    let again = world.fts.json(&["run", "retry", &id(&run), "--wait"]);
    assert_eq!(again["state"], "succeeded", "{again}");
}

#[test]
fn a_run_whose_program_was_killed_while_it_fetched_goes_on_with_the_next() {
    let (world, hub) = world();
    hub.fail("model.safetensors", [Fault::StopAfter(10)]);
    let fields = world.training("tickets-1", &json!({"steps": 2})).to_string();
    let mut starting = world.start(&["run", "train", "--wait", "--data", &fields]);
    wait::until("the transfer to run", || {
        (world.fts.json(&["hub", "transfers"])[0]["state"] == "running").then_some(())
    });
    starting.kill().expect("it runs");
    starting.wait().expect("it ends");
    let waiting = || world.fts.json(&["run", "list"])[0]["run"].clone();
    let run = wait::until("the run to wait again", || Some(waiting()).filter(|run| run["state"] == "queued"));
    world.fts.json(&["hub", "fetch", "model", "acme/tiny"]);
    assert_eq!(world.until_over(&id(&run))["state"], "succeeded");
    let begun = hub.requests_for("model.safetensors").into_iter().filter(|request| request.at_storage);
    assert!(begun.skip(1).all(|request| request.range.as_deref() == Some("bytes=10-")));
}

#[test]
fn what_is_served_is_fetched_first_and_stays_while_it_is_loaded() {
    let (world, _hub) = world();
    let mut serve = world.fts.start_piped(&["serve", "--model", &world.model]);
    let mut line = String::new();
    BufReader::new(serve.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let reported: Value =
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("no JSON ({error}): {line}"));
    assert_eq!(reported["models"], json!(["acme/tiny"]));
    assert_eq!(world.fts.json(&["hub", "transfers"])[0]["state"], "done");
    let refusal = world.fts.refused(&["hub", "remove", "acme/tiny", "--yes"]);
    assert_eq!(refusal.message, "acme/tiny is loaded by Try it or Serve.");
    serve.kill().expect("it runs");
    serve.wait().expect("it ends");
    world.fts.json(&["hub", "remove", "acme/tiny", "--yes"]);
}

#[test]
fn a_merge_fetches_the_base_model_as_part_of_its_start_and_nothing_of_it_is_removed_before() {
    let (world, hub) = world();
    let folder = world.fts.path("adapter");
    samples::adapter(folder.as_ref(), "acme/tiny");
    let fields = json!({"type": "project", "name": "Labels", "location": folder, "model_id": world.model});
    let adapter = world.fts.create("adapters", &fields);
    let to = world.fts.path("merged");
    let merge = ["adapter", "merge", &adapter, "--to", &to];
    let plan = world.fts.json(&[&merge[..], &["--dry-run"]].concat());
    assert_eq!((&plan["problems"], &plan["fetches"][0]["name"]), (&json!([]), &json!("acme/tiny")), "{plan}");
    hub.fail("model.safetensors", [Fault::StopAfter(10)]);
    let mut merging = world.start(&merge);
    let run = wait::until("the transfer to run", || {
        let runs = world.fts.json(&["run", "list"]);
        let message = runs[0]["message"].as_str().unwrap_or_default();
        message.starts_with("Fetching acme/tiny").then(|| id(&runs[0]["run"]))
    });
    let refusal = world.fts.refused(&["hub", "remove", "acme/tiny", "--yes"]);
    assert_eq!((refusal.code.as_str(), refusal.message.contains("is used by the run")), ("in_use", true));
    world.fts.json(&["run", "stop", &run, "--wait"]);
    world.until_over(&run);
    merging.wait().expect("it ends");

    // The worker of these tests merges nothing.
    world.fts.run(&["run", "retry", &run, "--wait"]);
    let source = frozen(&world, &run)["model"]["source"].as_str().expect("a folder").to_owned();
    assert!(source.contains("models--acme--tiny/snapshots/"), "{source}");
    assert!(!fs::exists(world.folder(&run).join("needed.json")).expect("a folder can be read"));
}

#[test]
fn a_training_fetches_and_uses_the_chosen_configuration_and_split_alone() {
    let (world, hub) = world();
    let card = "---\nconfigs:\n- config_name: en\n  data_files:\n    train: en/train.csv\n    test: en/test.csv\n\
        - config_name: de\n  default: true\n  data_files: de.csv\n---\n";
    let rows = |language: &str, count: usize| {
        let lines = (0..count).map(|n| format!("{language} {n},yes\n"));
        format!("prompt,completion\n{}", lines.collect::<String>())
    };
    hub.put(
        Repository::dataset("acme/languages")
            .file("README.md", card)
            .large_file("en/train.csv", rows("en", 30))
            .large_file("en/test.csv", rows("test", 20))
            .large_file("de.csv", rows("de", 40)),
    );
    let dataset =
        world.fts.create("datasets", &json!({"type": "huggingface", "huggingface_name": "acme/languages"}));
    let splits = world.fts.json(&["hub", "splits", "acme/languages"]);
    assert_eq!((&splits[0]["name"], &splits[1]["splits"][1]["name"]), (&json!("de"), &json!("test")));
    let refusal = world.fts.refused(&["dataset", "part", &dataset, "--config", "en", "--split", "dev"]);
    assert_eq!(refusal.message, "acme/languages has no split 'dev'.");
    world.fts.json(&["dataset", "part", &dataset, "--config", "en", "--split", "test"]);

    let fields = json!({"adapter_name": "tested", "base_model_id": world.model, "dataset_id": dataset,
        "training_arguments_config": json!({"fake": {"steps": 2}}).to_string()})
    .to_string();
    let run = world.fts.json(&["run", "train", "--wait", "--data", &fields]);
    assert_eq!(run["state"], "succeeded", "{run}");
    assert_eq!(frozen(&world, &id(&run))["rows"]["train"], 18, "of 20 rows, two are held back");
    let rows = fs::read_to_string(world.folder(&id(&run)).join("train.jsonl")).expect("the rows");
    assert!(rows.lines().all(|row| row.contains("test ")), "{rows}");
    assert_eq!((hub.requests_for("train.csv"), hub.requests_for("de.csv")), (Vec::new(), Vec::new()));
    let preview = world.fts.json(&["dataset", "preview", &dataset, "--rows", "50"]);
    assert_eq!((&preview["total_rows"], &preview["rows"][0]["values"][0]), (&json!(20), &json!("test 0")));

    // What was fetched is not the default configuration, so that one is fetched when it is chosen again.
    world.fts.json(&["hub", "fetch", "dataset", "acme/languages", "--config", "de"]);
    assert_eq!(world.fts.json(&["dataset", "preview", &dataset, "--rows", "50"])["total_rows"], 40);
    assert_eq!(hub.requests_for("train.csv"), []);
    let transfers = world.fts.json(&["hub", "transfers"]);
    assert_eq!(transfers[0]["part"], json!({"config": "de", "split": null}), "{transfers}");
}
