//! Tokens: a worker there gets them, and nobody reads them anywhere else.

use std::{fs, path::Path};

use serde_json::json;
use stories::Fts;

use crate::place::Place;

/// A worker that prints what it should not.
const TELLTALE: &str = "#!/bin/sh\necho \"the token is $HF_TOKEN.\"\nwhile [ \"$1\" != run ]; do shift; done\n\
    exec \"FAKE\" \"$@\"\n";

fn files_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let files = entries.flat_map(|entry| match entry.path() {
        path if path.is_dir() => files_in(&path),
        path => fs::read(&path).map(|bytes| (path.display().to_string(), bytes)).into_iter().collect(),
    });
    files.collect()
}

#[test]
fn a_token_reaches_the_worker_there_and_shows_nowhere() {
    let token = "no-form-of-a-token-that-is-known";
    let fts = Fts::new().with_variable("HF_HUB_OFFLINE", "0");
    fs::create_dir(fts.path("huggingface")).expect("a folder for the login");
    let login = fts.file("huggingface/token", token);
    let Some(place) = Place::on(fts, TELLTALE) else { return };
    let id = place.train("tickets-1", &json!({"steps": 100_000, "pause_ms": 20}));
    let mut watching = place.watch(&id);
    place.until_step(&id, 1);
    let log = fs::read_to_string(place.world.folder(&id).join("log.txt")).expect("a log");
    assert!(log.starts_with("the token is [secret]"), "{log}");
    let has_it = |bytes: &[u8]| bytes.windows(token.len()).any(|part| part == token.as_bytes());
    // What the worker itself prints there is its own matter; the studio writes the token nowhere.
    let own_log = place.there(&id).join("log.txt").display().to_string();
    for (name, bytes) in files_in(place.world.fts.path("").as_ref()) {
        assert!(name == own_log || name == login || !has_it(&bytes), "{name} has the token");
    }
    for process in fs::read_dir("/proc").expect("a list of processes").flatten() {
        let arguments = fs::read(process.path().join("cmdline")).unwrap_or_default();
        assert!(!has_it(&arguments), "the arguments of {} have the token", process.path().display());
    }
    place.world.fts.json(&["stop", &id]);
    watching.wait().expect("it ends");
}
