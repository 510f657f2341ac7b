//! Tokens: workers get them by their environment, and nobody reads them anywhere else.

use std::{fs, path::Path};

use serde_json::json;
use stories::Fts;

use crate::world::World;

/// A worker that prints what it should not.
const TELLTALE: &str = r#"#!/bin/sh
echo "the token is $HUGGINGFACE_ACCESS_TOKEN"
echo '{"event":"started","attempt":1}' >> events.jsonl
echo '{"event":"ended","status":"succeeded"}' >> events.jsonl
"#;

fn texts_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts.extend(texts_in(&path));
        } else {
            texts.push((path.display().to_string(), fs::read(&path).expect("a file")));
        }
    }
    texts
}

/// A studio whose worker is this script.
fn with_worker(fts: Fts, text: &str) -> World {
    let script = fts.script("worker.sh", text);
    let world = World::on(fts);
    World { fts: world.fts.with_variable("FINE_TUNING_STUDIO_WORKER", &script), ..world }
}

#[test]
fn a_token_reaches_the_worker_and_shows_nowhere() {
    let token = format!("hf_{}", "Ab3".repeat(12));
    let fts = Fts::new().with_variable("HUGGINGFACE_ACCESS_TOKEN", &token);
    let world = with_worker(fts, TELLTALE);
    let run =
        world.fts.json(&["train", "--wait", "--data", &world.training("tickets-1", &json!({})).to_string()]);
    assert_eq!(run["state"], "succeeded", "{run}");
    let id = run["id"].as_str().expect("an id");
    assert_eq!(world.fts.run(&["logs", id]).out, "the token is [secret]\n");
    // The worker's own output aside, which this one failed to scrub, it is in no file.
    let folder = world.fts.db().parent().expect("a folder");
    for (path, text) in texts_in(folder) {
        let found = text.windows(token.len()).any(|part| part == token.as_bytes());
        assert!(!found || path.ends_with("log.txt"), "{path} holds the token");
    }
}

/// A worker that says whether it got the whole address.
const LISTENER: &str = r#"#!/bin/sh
[ "$MLFLOW_TRACKING_URI" = "https://ada:under-the-mat@tracking.example/mlflow" ] && echo got it
echo '{"event":"started","attempt":1}' >> events.jsonl
echo '{"event":"ended","status":"succeeded"}' >> events.jsonl
"#;

#[test]
fn the_password_of_an_address_reaches_the_worker_and_is_in_no_file() {
    let address = "https://ada:under-the-mat@tracking.example/mlflow";
    let fts = Fts::new().with_variable("MLFLOW_TRACKING_URI", address);
    let world = with_worker(fts, LISTENER);
    let run =
        world.fts.json(&["train", "--wait", "--data", &world.training("tickets-1", &json!({})).to_string()]);
    let id = run["id"].as_str().expect("an id");
    assert_eq!(world.fts.run(&["logs", id]).out, "got it\n");
    let spec = fs::read_to_string(world.folder(id).join("job.json")).expect("a specification");
    assert!(spec.contains("https://tracking.example/mlflow"), "{spec}");
    for (path, text) in texts_in(world.fts.db().parent().expect("a folder")) {
        let found = text.windows(13).any(|part| part == b"under-the-mat");
        assert!(!found || path.ends_with("worker.sh"), "{path} holds the password");
    }
}
