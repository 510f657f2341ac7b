//! Adapters, merged models and datasets on a hub, and models in an MLflow registry.

use std::fs;

use fake_hub::{FakeHub, Fault};
use serde_json::{Value, json};
use stories::Fts;

use crate::{
    recipe::{RECIPE, python, text},
    world::World,
};

const TOKEN: &str = "hf_AbCdEfGhIjKlMnOpQrStUvWxYz012345";

/// Loads a version of a registered model as other programs do, and asks it.
const ASKED: &str = r#"
import json, sys, mlflow
mlflow.set_tracking_uri(sys.argv[1])
model = mlflow.pyfunc.load_model(sys.argv[2])
print(json.dumps([model.predict([sys.argv[3]])[0], model.model_config]))
"#;

/// A world that publishes on this hub.
fn online(hub: &FakeHub) -> World {
    let mut world = World::new();
    world.fts = world
        .fts
        .with_variable("HF_ENDPOINT", hub.address())
        .with_variable("HF_HUB_OFFLINE", "0")
        .with_variable("HF_HUB_DISABLE_TELEMETRY", "1");
    fs::create_dir_all(world.fts.path("huggingface")).expect("a folder for the token");
    world.fts.file("huggingface/token", TOKEN);
    world
}

fn trained(world: &World) -> String {
    let training = world.train(&world.training("labels", &json!({"num_train_epochs": 1})));
    let job = world.fts.get("fine_tuning_jobs", &training);
    job["adapter_id"].as_str().expect("an adapter").to_owned()
}

/// Whether a token is anywhere in the folder of a run or in a log.
fn says_token(fts: &Fts) -> bool {
    let mut left = vec![fts.path("runs").into(), fts.path(".state").into()];
    while let Some(path) = left.pop() {
        let path: std::path::PathBuf = path;
        if path.is_dir() {
            left.extend(fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if fs::read(&path)
            .is_ok_and(|bytes| bytes.windows(TOKEN.len()).any(|one| one == TOKEN.as_bytes()))
        {
            return true;
        }
    }
    false
}

#[test]
fn an_adapter_its_merged_model_and_its_rows_are_published() {
    let hub = FakeHub::new([]);
    let world = online(&hub);
    let (fts, adapter) = (&world.fts, trained(&world));

    let refusal = fts.refused(&["adapter", "publish", &adapter, "--repository", "me/labels"]);
    assert_eq!(refusal.columns, ["base_model"], "{refusal:?}");
    assert_eq!(hub.files("me/labels"), None);

    let publish = ["adapter", "publish", &adapter, "--repository", "me/labels", "--base-model", "org/tiny"];
    let card = fts.run(&[&publish[..], &["--print-card"]].concat()).out;
    assert!(card.contains("base_model: org/tiny") && card.contains("base_model_relation: adapter"), "{card}");
    assert_eq!(hub.files("me/labels"), None);

    hub.fail_upload("PUT /storage", [Fault::CutUpload(90)]);
    let report = fts.json(&publish);
    assert_eq!(report["output"], format!("{}/me/labels", hub.address()));
    assert!(
        report["checks"].as_array().expect("checks").iter().all(|check| check["passed"] == true),
        "{report}"
    );
    assert!(hub.is_private("me/labels"));
    let config = hub.content("me/labels", "adapter_config.json").expect("the configuration");
    let config: Value = serde_json::from_slice(&config).expect("JSON");
    assert_eq!(config["base_model_name_or_path"], "org/tiny");
    let files = hub.files("me/labels").expect("the repository");
    assert!(files.contains(&"README.md".to_owned()), "{files:?}");
    assert!(files.iter().all(|name| !name.ends_with(".bin") && !name.contains("checkpoint")), "{files:?}");

    let mine = fts.file("card.md", format!("---\nlicense: mit\n---\n\n{TOKEN}\n"));
    let refusal = fts.refused(&[&publish[..], &["--card", &mine]].concat());
    assert_eq!(refusal.columns, ["card"], "{refusal:?}");
    assert!(!refusal.message.contains(TOKEN), "{refusal:?}");

    let merged =
        ["adapter", "publish", &adapter, "--merged", "--repository", "me/merged", "--base-model", "org/tiny"];
    fts.json(&[&merged[..], &["--public"]].concat());
    assert!(!hub.is_private("me/merged"));
    let files = hub.files("me/merged").expect("the repository");
    assert!(files.contains(&"model.safetensors".to_owned()) && files.contains(&"tokenizer.json".to_owned()));

    let report = fts.json(&["dataset", "publish", &world.dataset, "--repository", "me/tickets"]);
    assert_eq!(report["output"], format!("{}/datasets/me/tickets", hub.address()));
    let rows = hub.content("me/tickets", "tickets.csv").expect("the rows");
    assert_eq!(rows, fs::read(RECIPE.join("tickets.csv")).expect("the rows"));
    assert!(!says_token(fts));
}

#[test]
fn an_adapter_is_registered_and_answers_from_the_registry() {
    let world = World::new();
    let (fts, adapter) = (&world.fts, trained(&world));
    let generation = json!({"max_new_tokens": 4, "do_sample": false}).to_string();
    let register = ["adapter", "register", &adapter, "--name", "labels", "--generation", &generation];
    let report = fts.json(&[&register[..], &["--description", "Labels of tickets"]].concat());
    assert_eq!(report["output"], "models:/labels/1");
    assert!(
        report["checks"].as_array().expect("checks").iter().all(|check| check["passed"] == true),
        "{report}"
    );

    let row = fts.get("adapters", &adapter);
    assert_eq!(row["cml_registered_model_id"], "models:/labels/1", "{row}");
    assert_eq!(row["mlflow_run_id"], report["facts"]["run_id"]);

    let registry = format!("sqlite:///{}", fts.path("mlflow.db"));
    let answer = python(&["-c", ASKED, &registry, "models:/labels/1", "ticket"]);
    let answer: Value = serde_json::from_str(answer.lines().last().unwrap_or_default()).expect("JSON");
    assert_eq!(answer[1]["max_new_tokens"], 4, "{answer}");

    let model = fts.json(&["model", "register", &world.model, "--name", "tiny"]);
    assert_eq!(model["output"], "models:/tiny/1");
    let row = fts.get("models", &world.model);
    assert_eq!(row["cml_registered_model_id"], "models:/tiny/1", "{row}");
    assert_eq!(row["mlflow_run_id"], model["facts"]["run_id"]);
    // A further version takes its place, there and here.
    let again = fts.json(&["model", "register", &world.model, "--name", "tiny"]);
    assert_eq!(again["output"], "models:/tiny/2");
    assert_eq!(fts.get("models", &world.model)["cml_registered_model_id"], "models:/tiny/2");
    let refusal = fts.refused(&["model", "register", &world.model, "--name", "a/b"]);
    assert_eq!(refusal.columns, ["registered_name"]);
    let folder = text(&RECIPE.join("model"));
    assert_eq!(fts.get("models", &world.model)["location"], folder);
}
