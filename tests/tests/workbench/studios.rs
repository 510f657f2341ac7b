//! A studio there that is brought here, and rows that are sent to it.

use std::fs;

use fake_workbench::FakeWorkbench;
use serde_json::{Value, json};
use stories::sqlite;

use crate::place::{add, run, studio};

/// A workbench with a reference studio in its project.
fn with_studio() -> FakeWorkbench {
    let there = FakeWorkbench::new();
    let app = there.folder(there.project()).join(".app");
    fs::create_dir(&app).expect("a folder there");
    sqlite::execute(&app.join("state.db"), include_str!("../command_line/reference.sql"));
    there
}

#[test]
fn a_studio_is_brought_here_after_its_plan() {
    let (there, fts) = (with_studio(), studio());
    run(&fts, &add(&there, &[]));
    let plan = fts.json(&["workbench", "pull", "bench", "--dry-run"]);
    assert_eq!(plan["tables"]["datasets"]["new"], 1, "{plan}");
    assert!(plan["source"].as_str().expect("a source").starts_with(".app/state.db in the project"), "{plan}");
    assert_eq!(fts.count("datasets"), 0);
    let report = fts.json(&["workbench", "pull", "bench", "--folder", "/"]);
    assert_eq!(report["tables"]["adapters"]["added"], 1, "{report}");
    assert_eq!(fts.get("adapters", "a-1")["name"], "Old adapter");
    let shown = fts.run(&["workbench", "pull", "bench", "--dry-run"]);
    assert!(shown.code == 0 && shown.out.contains("conflicting"), "{shown:?}");
}

#[test]
fn rows_that_are_not_there_are_sent_as_a_file() {
    let (there, fts) = (with_studio(), studio());
    run(&fts, &add(&there, &[]));
    fts.json(&["workbench", "pull", "bench"]);
    let model = fts.create("models", &json!({"huggingface_model_name": "acme/tiny"}));
    let plan = fts.json(&["workbench", "push", "bench", "--dry-run"]);
    let models = &plan["tables"]["models"];
    assert_eq!([&models["sent"], &plan["tables"]["datasets"]["same"]], [1, 1], "{plan}");
    let sent = fts.json(&["workbench", "push", "bench"]);
    let file = sent["file"].as_str().expect("a file").strip_prefix("/home/cdsw/").expect("a file there");
    let text = fs::read(there.folder(there.project()).join(file)).expect("the file");
    let written: Value = serde_json::from_slice(&text).expect("JSON");
    assert_eq!(written["models"]["data"][0]["id"], model.as_str(), "{written}");
    assert!(written.get("datasets").is_none(), "{written}");
}

#[test]
fn a_target_that_is_no_workbench_is_refused() {
    let fts = studio();
    fts.json(&["target", "add", "box", "--kind", "ssh", "--host", "box", "--folder", "~/studio"]);
    let refused = fts.refused(&["workbench", "pull", "box"]);
    assert!(refused.code == "invalid" && refused.message.contains("is no workbench"), "{refused:?}");
    assert_eq!(fts.refused(&["workbench", "push", "none"]).code, "not_found");
}
