//! A studio of a few thousand rows, ways to look at it, and a seeded chance.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use stories::{Fts, built, sqlite};

/// How many rows of each of the six tables in [`rows`].
pub(crate) const ROWS: usize = 400;

/// A snapshot of rows that refer to each other and break no rule. `edition` sets it apart from
/// others: same ids, other texts.
pub(crate) fn rows(edition: &str, count: usize) -> Value {
    let all = |row: &dyn Fn(usize) -> Value| Value::from_iter((0..count).map(row));
    let text = |at: usize| format!("{edition} {at}: {}", "some words of a prompt. ".repeat(at % 20));
    json!({
        "models": all(&|at| json!({"id": format!("model-{at}"), "type": "huggingface", "name": format!("lab/{edition}-{at}"), "huggingface_model_name": format!("lab/{edition}-{at}")})),
        "datasets": all(&|at| json!({"id": format!("dataset-{at}"), "type": "huggingface", "name": format!("{edition} {at}"), "huggingface_name": format!("lab/{at}"), "features": "[\"a\"]"})),
        "prompts": all(&|at| json!({"id": format!("prompt-{at}"), "type": "in_place", "name": format!("{edition} {at}"), "dataset_id": format!("dataset-{at}"), "prompt_template": text(at), "input_template": text(at), "completion_template": "{a}"})),
        "configs": all(&|at| json!({"id": format!("config-{at}"), "type": "custom", "description": text(at), "config": format!("{{\"at\": {at}}}")})),
        "adapters": all(&|at| json!({"id": format!("adapter-{at}"), "type": "huggingface", "name": format!("{edition} {at}"), "huggingface_name": format!("lab/{at}"), "model_id": format!("model-{at}"), "prompt_id": format!("prompt-{at}")})),
        "fine_tuning_jobs": all(&|at| json!({"id": format!("job-{at}"), "base_model_id": format!("model-{at}"), "dataset_id": format!("dataset-{at}"), "prompt_id": format!("prompt-{at}"), "adapter_name": text(at), "learning_rate": 0.5 / (at as f64 + 1.0), "num_epochs": at, "framework_type": "legacy"})),
    })
}

/// A studio that holds the first edition, its write-ahead log folded in.
pub(crate) fn first_edition() -> Fts {
    let fts = Fts::new();
    fts.json(&["import", &fts.file("first.json", rows("first", ROWS).to_string())]);
    fts
}

/// A new folder with a copy of the database alone.
pub(crate) fn copy_of(fts: &Fts) -> Fts {
    let copy = Fts::new();
    fs::copy(fts.db(), copy.db()).expect("the database can be copied");
    copy
}

/// Everything the studio holds, as it exports it.
pub(crate) fn everything(fts: &Fts) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("everything.json");
    fts.json(&["export", file.to_str().expect("a path of plain text")]);
    fs::read(file).expect("the export is there")
}

/// Start `fts` without waiting for its end.
pub(crate) fn start(fts: &Fts, arguments: &[&str]) -> Child {
    let mut command = Command::new(built::program("fts"));
    command.arg("--db").arg(fts.db()).arg("--json").args(arguments).env("XDG_STATE_HOME", fts.path(".state"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("fts starts")
}

/// The studio opens, nothing in it is broken, and only what should be in its folder is seen there.
pub(crate) fn assert_sound(fts: &Fts, expected: &[&str]) {
    let answer = fts.run(&["--json", "check"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    let name = fts.db().file_name().expect("a file").to_string_lossy().into_owned();
    let folder = fts.db().parent().expect("a database is in a folder");
    for seen in visible(folder) {
        let known = seen.starts_with(&name) || seen == "backups" || expected.contains(&seen.as_str());
        assert!(known, "{seen} was left behind");
    }
    // What is called a backup is a whole one.
    let backups = folder.join("backups");
    if backups.is_dir() {
        for seen in visible(&backups) {
            assert_whole(&backups.join(seen));
        }
    }
}

/// A database in which nothing is missing.
pub(crate) fn assert_whole(database: &Path) {
    let said = sqlite::texts(database, "PRAGMA integrity_check");
    assert_eq!(said, [Some("ok".to_owned())], "{}", database.display());
}

fn visible(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    entries.map(|name| name.to_string_lossy().into_owned()).filter(|name| !name.starts_with('.')).collect()
}
