//! Models that answer on a target, at an endpoint of this machine.

use std::{fs, io::Read as _, path::PathBuf};

use serde_json::{Value, json};
use stories::{Fts, samples, wait};

use crate::{place::Place, served::Served, world::processes_in};

/// The folder of a target, in which its attached workers work.
fn folder(place: &Place, name: &str) -> PathBuf {
    place.world.fts.path(name).into()
}

/// Fails unless a worker works there while the endpoint is, and none after it.
fn assert_ends_there(place: &Place, name: &str, served: Served) {
    assert_eq!(processes_in(&folder(place, name)).len(), 1);
    served.terminate();
    wait::until("the worker's end", || processes_in(&folder(place, name)).is_empty().then_some(()));
}

#[tokio::test]
async fn a_model_there_answers_at_an_endpoint_here() {
    let Some(place) = Place::new() else { return };
    let served = Served::new(&place.world, &["--target", "box"]);
    assert_eq!(served.reported["models"], json!(["Tiny"]));
    let prompt = "one two 'three' \"four\" \u{e9}";
    assert_eq!(served.said(prompt).await, prompt);
    // It is loaded from its copy there.
    let source = served.said("source?").await;
    let source = source.as_str().expect("a path");
    assert!(source.starts_with("models/"), "{source}");
    let there = folder(&place, "there").join(source);
    let here = PathBuf::from(place.world.fts.path("model"));
    assert_eq!(
        fs::read(there.join("model.safetensors")).expect("the copy"),
        fs::read(here.join("model.safetensors")).expect("the model")
    );
    assert_ends_there(&place, "there", served);
}

#[tokio::test]
async fn a_setup_line_and_a_token_are_the_workers_alone() {
    let token = "no-form-of-a-token-that-is-known";
    let fts = Fts::new().with_variable("HF_HUB_OFFLINE", "0");
    fs::create_dir(fts.path("huggingface")).expect("a folder for the login");
    fts.file("huggingface/token", token);
    let Some(place) = Place::on(fts, crate::place::WORKER) else { return };
    let setup = "setup=export GREETING='two  words'";
    place.add_target("other", "other", &["--kind", "ssh", "--option", setup]);
    let served = Served::new(&place.world, &["--target", "other"]);
    assert_eq!(served.said("$GREETING").await, "two  words");
    assert_eq!(served.said("$HF_TOKEN").await, token);
    for process in fs::read_dir("/proc").expect("a list of processes").flatten() {
        let arguments = fs::read(process.path().join("cmdline")).unwrap_or_default();
        let has_it = arguments.windows(token.len()).any(|part| part == token.as_bytes());
        assert!(!has_it, "the arguments of {} have the token", process.path().display());
    }
    assert_ends_there(&place, "other", served);
}

#[tokio::test]
async fn a_cut_line_ends_the_endpoint_with_a_sentence() {
    let Some(place) = Place::new() else { return };
    let mut served = Served::new(&place.world, &["--target", "box"]);
    assert_eq!(served.said("hello").await, "hello");
    place.sshd.cut();
    let status = served.process.wait().expect("it ends");
    let mut said = String::new();
    served.process.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("The model is no longer loaded: on box:"), "{said}");
    wait::until("the worker's end", || processes_in(&folder(&place, "there")).is_empty().then_some(()));
}

#[test]
fn what_stands_against_it_is_said_before_anything_starts() {
    let Some(mut place) = Place::new() else { return };
    let serve = |place: &Place, target: &str| {
        place.world.fts.refused(&["serve", "--model", &place.world.model, "--target", target])
    };
    assert!(serve(&place, "nowhere").message.contains("nowhere"));
    place.sshd.stop();
    let refusal = serve(&place, "box");
    assert!(
        refusal.message.contains("127.0.0.1") || refusal.message.contains("reach"),
        "{}",
        refusal.message
    );
}

#[test]
fn a_model_of_the_hub_is_fetched_there_at_the_commit_that_is_here_or_sent() {
    let fts = Fts::new().with_variable("HF_HUB_OFFLINE", "0");
    let Some(place) = Place::on(fts, crate::place::WORKER) else { return };
    place.add_target("other", "other", &["--kind", "ssh", "--option", "models=send"]);
    let fts = &place.world.fts;
    let repository = fts.hub_cache().join("models--acme--tiny");
    samples::model(&repository.join("snapshots/0123abc"));
    fs::create_dir_all(repository.join("refs")).expect("a folder");
    fs::write(repository.join("refs/main"), "0123abc").expect("a file");
    let model = fts.create("models", &json!({"type": "huggingface", "huggingface_model_name": "acme/tiny"}));
    let job = |target: &str, there: &str| {
        let mut fields = place.world.training(target, &json!({"at": 1, "misfortune": "fail"}));
        fields["base_model_id"] = model.clone().into();
        let fields = fields.to_string();
        let answer = fts.run(&["--json", "train", "--target", target, "--wait", "--data", &fields]);
        let run: Value = serde_json::from_str(&answer.out).expect("a run");
        let id = run["id"].as_str().unwrap_or_else(|| panic!("no run: {} {}", answer.out, answer.err));
        let job =
            fs::read(folder(&place, there).join("runs").join(id).join("job.json")).expect("the job there");
        serde_json::from_slice::<Value>(&job).expect("JSON")["model"].clone()
    };
    let fetched = job("box", "there");
    assert_eq!((&fetched["source"], &fetched["revision"]), (&json!("acme/tiny"), &json!("0123abc")));
    assert!(!folder(&place, "there").join("models").exists(), "nothing of it was sent");
    let sent = job("other", "other");
    let source = sent["source"].as_str().expect("a path");
    assert!(source.starts_with("../../models/") && sent["revision"].is_null(), "{sent}");
    assert!(folder(&place, "other").join(source.trim_start_matches("../../")).join("config.json").is_file());
}

#[tokio::test]
async fn a_model_answers_on_a_node_of_a_cluster() {
    let Some(place) =
        Place::on_slurm(1, &["--option", "setup=export GREETING=hi", "--option", "sbatch=--requeue"])
    else {
        return;
    };
    let served = Served::new(&place.world, &["--target", "box"]);
    assert_eq!(served.said("a b $GREETING").await, "a b hi");
    assert!(served.said("$SLURM_JOB_ID").await.as_str().is_some_and(|id| !id.is_empty()));
    assert_eq!(place.nodes_of_jobs(), ["1"]);
    served.terminate();
    wait::until("the job's end", || place.nodes_of_jobs().is_empty().then_some(()));
}
