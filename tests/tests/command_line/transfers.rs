//! Fetches from the Hub, by several programs on one database.

use std::{fs, process::Command};

use fake_hub::{FakeHub, Fault, Repository};
use serde_json::{Value, json};
use stories::{Fts, wait};

const LARGE: usize = 4_000_000;

struct World {
    hub: FakeHub,
    fts: Fts,
}

fn tiny() -> Repository {
    let weights: Vec<u8> = (0..LARGE).map(|at| (at % 251) as u8).collect();
    Repository::model("acme/tiny")
        .file("config.json", r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#)
        .large_file("model.safetensors", weights)
}

impl World {
    /// The Hub sends the first part of the weights, and then nothing.
    fn stuck_after(part: usize) -> Self {
        let hub = FakeHub::new([tiny()]);
        hub.fail("model.safetensors", [Fault::StopAfter(part)]);
        let fts = Fts::new().with_variable("HF_ENDPOINT", hub.address()).with_variable("HF_HUB_OFFLINE", "0");
        Self { hub, fts }
    }

    fn until_received(&self, part: usize) {
        let blobs = self.fts.hub_cache().join("models--acme--tiny/blobs");
        wait::until("a part of the weights", || {
            let entries = fs::read_dir(&blobs).into_iter().flatten().flatten();
            let bytes: u64 = entries.filter_map(|entry| entry.metadata().ok()).map(|m| m.len()).sum();
            (bytes >= part as u64).then_some(())
        });
    }

    fn transfer(&self) -> Value {
        self.fts.json(&["hub", "transfers"])[0].clone()
    }

    /// The first bytes that the requests for the weights asked for.
    fn ranges(&self) -> Vec<Option<String>> {
        let requests = self.hub.requests_for("model.safetensors").into_iter();
        requests.filter(|request| request.at_storage).map(|request| request.range).collect()
    }
}

#[test]
fn a_fetch_that_is_paused_from_outside_ends_and_goes_on_where_it_ended() {
    let world = World::stuck_after(1_500_000);
    let fts = &world.fts;
    let mut fetching = fts.start(&["hub", "fetch", "model", "acme/tiny"]);
    world.until_received(1_500_000);
    wait::until("the progress", || (world.transfer()["bytes"].as_u64() >= Some(1_500_000)).then_some(()));
    let paused = fts.json(&["hub", "transfers", "pause", "acme/tiny"]);
    assert_eq!(paused[0]["state"], "paused");
    assert_eq!(fetching.wait().unwrap().code(), Some(1));
    let list = fts.run(&["hub", "transfers", "list"]);
    assert!(list.out.contains("acme/tiny") && list.out.contains("Paused"), "{}", list.out);
    assert!(list.out.contains("of 4 MB"), "{}", list.out);

    let fetched = fts.json(&["hub", "transfers", "resume", "acme/tiny", "--wait"]);
    assert!(fetched["received"].as_u64().unwrap() <= (LARGE - 1_500_000) as u64, "{fetched}");
    assert!(world.ranges()[1].is_some());
    assert_eq!((&world.transfer()["state"], &world.transfer()["rate"]), (&json!("done"), &Value::Null));
    let refusal = fts.refused(&["hub", "transfers", "pause", "acme/tiny"]);
    assert_eq!(refusal.message, "There is nothing to pause: the transfer of acme/tiny is done.");
    assert_eq!(fts.json(&["hub", "transfers", "clear"]), json!([]));
    assert_eq!(fts.refused(&["hub", "transfers", "resume", "acme/tiny"]).code, "not_found");
}

#[test]
fn ctrl_c_pauses_a_fetch_and_cancel_leaves_nothing_of_it() {
    let world = World::stuck_after(1_000_000);
    let fts = &world.fts;
    let mut fetching = fts.start(&["hub", "fetch", "model", "acme/tiny"]);
    world.until_received(1_000_000);
    let pid = fetching.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(fetching.wait().unwrap().code(), Some(1));
    assert_eq!(world.transfer()["state"], "paused");
    assert_eq!(fts.json(&["hub", "transfers", "cancel", "acme/tiny"])[0]["state"], "cancelled");
    assert!(!fts.hub_cache().join("models--acme--tiny").exists());
    assert_eq!(world.transfer()["bytes"], 0);
    let fetched = fts.json(&["hub", "fetch", "model", "acme/tiny"]);
    assert_eq!(fetched["received"], fetched["bytes"], "it began anew");
}

#[test]
fn a_transfer_that_is_only_queued_is_carried_out_by_the_next_command_that_waits() {
    let hub = FakeHub::new([tiny(), Repository::dataset("acme/rows").file("rows.csv", "a,b\n1,2\n")]);
    let fts = Fts::new().with_variable("HF_ENDPOINT", hub.address()).with_variable("HF_HUB_OFFLINE", "0");
    assert_eq!(fts.json(&["hub", "transfers", "limit", "1"]), json!({"at_once": 1}));
    let queued = fts.json(&["hub", "fetch", "model", "acme/tiny", "--detach"]);
    assert_eq!(queued[0]["state"], "queued");
    assert_eq!(hub.requests(), []);
    fts.json(&["hub", "fetch", "dataset", "acme/rows"]);
    let states: Vec<Value> = fts
        .json(&["hub", "transfers"])
        .as_array()
        .unwrap()
        .iter()
        .map(|transfer| transfer["state"].clone())
        .collect();
    assert_eq!(states, ["done", "done"]);
    assert_eq!(fts.run(&["hub", "transfers", "limit", "0"]).code, 2);
}

#[test]
fn the_token_is_neither_in_the_database_nor_in_the_log() {
    let hub = FakeHub::new([tiny().private("hf_secretsecret")]);
    let fts = Fts::new().with_variable("HF_ENDPOINT", hub.address()).with_variable("HF_HUB_OFFLINE", "0");
    let token = fts.file("token", "hf_secretsecret");
    let fts = fts.with_variable("HF_TOKEN_PATH", &token).with_variable("RUST_LOG", "debug");
    hub.fail("model.safetensors", [Fault::CutAfter(1000), Fault::Status(500, None)]);
    let answer = fts.run(&["hub", "fetch", "model", "acme/tiny"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(!answer.err.contains("hf_secret"));
    assert!(hub.requests().iter().any(|request| request.authorization.is_some()));
    let mut folders = vec![std::path::PathBuf::from(fts.path("."))];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if let Ok(bytes) = fs::read(entry.path())
                && entry.file_name() != "token"
            {
                let found = bytes.windows(15).any(|part| part == b"hf_secretsecret");
                assert!(!found, "{}", entry.path().display());
            }
        }
    }
}
