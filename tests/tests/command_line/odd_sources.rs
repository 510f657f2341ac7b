//! Snapshots and databases as people have them: read, or refused in one sentence with a way out, and
//! nothing is left beside them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use stories::{Fts, sqlite};

/// The files of a folder with their content.
fn listing(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

#[test]
fn a_snapshot_is_imported_in_the_encoding_that_it_has() {
    let text = json!({"models": [{"id": "m", "name": "Größe"}]}).to_string();
    let units: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in [("mark.json", format!("\u{feff}{text}").into_bytes()), ("utf16.json", units)] {
        let fts = Fts::new();
        let report = fts.json(&["snapshot", "import", &fts.file(name, bytes)]);
        assert_eq!(report["tables"]["models"]["added"], 1, "{name}");
        assert_eq!(fts.get("models", "m")["name"], "Größe", "{name}");
    }
}

#[test]
fn a_dry_run_of_what_is_no_source_is_refused_too() {
    let fts = Fts::new();
    let mlflow = fts.path("mlflow.db");
    sqlite::execute(
        Path::new(&mlflow),
        "CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT);
         CREATE TABLE datasets (dataset_uuid TEXT PRIMARY KEY, name TEXT); INSERT INTO datasets VALUES ('u', 'train')",
    );
    let cut = r#"{"models": [{"id": "a"}, {"id": "b", "na"#;
    for (file, words) in [
        (mlflow, "a database of another program"),
        (fts.file("text.db", "Dear reader"), "neither a JSON snapshot nor an SQLite database"),
        (fts.file("cut.json", cut), "ends too early, in row 2 of models, at line 1"),
        (fts.file("rows.json", r#"{"data": [{"text": "a"}]}"#), "none of its keys is a table of a studio"),
        (fts.file("list.json", "[]"), "it is a list"),
    ] {
        let refusal = fts.refused(&["snapshot", "import", &file, "--dry-run"]);
        assert_eq!(refusal.code, "invalid");
        assert!(refusal.message.contains(words) && refusal.message.contains(&file), "{}", refusal.message);
        assert!(refusal.hint.is_some(), "a way out of {file}");
    }
}

#[test]
fn an_older_studio_says_which_table_it_lacks_and_can_be_imported() {
    let fts = Fts::new();
    let old = fts.path("old.db");
    sqlite::execute(Path::new(&old), include_str!("reference.sql"));
    sqlite::execute(Path::new(&old), "DROP TABLE evaluation_jobs");
    let before = fs::read(&old).unwrap();
    let fts = fts.with_db(&old);
    let refusal = fts.refused(&["list", "models"]);
    assert_eq!(refusal.code, "not_a_studio");
    assert!(
        refusal.message.contains("older studio, without the table 'evaluation_jobs'"),
        "{}",
        refusal.message
    );
    assert!(refusal.hint.is_some_and(|hint| hint.contains("import this file")));
    assert_eq!(fs::read(&old).unwrap(), before, "untouched");
    let new = Fts::new();
    new.json(&["snapshot", "import", &old]);
    assert_eq!(new.count("datasets"), 1);
}

#[test]
fn warnings_of_an_import_are_on_standard_error() {
    let fts = Fts::new();
    let file = fts.file(
        "source.json",
        json!({
            "datasets": [{"id": "d", "name": "quoted", "features": "['text']"}],
            "adapters": [{"id": "a", "name": "tuned", "model_id": "gone"}],
        })
        .to_string(),
    );
    for arguments in [&["snapshot", "import", &file, "--dry-run"][..], &["snapshot", "import", &file]] {
        let answer = fts.run(arguments);
        assert_eq!(answer.code, 0, "{}", answer.err);
        for line in [
            "Imported as it is: datasets row 1 features: ",
            "Imported as it is: adapters row 1 model_id: 'tuned' refers to a model that does not exist (gone).",
        ] {
            assert!(answer.err.contains(line), "{}", answer.err);
        }
    }
    // The check finds an error, so it does not end well.
    let checked: Value = serde_json::from_str(&fts.run(&["--json", "check"]).out).unwrap();
    assert_eq!(checked["findings"].as_array().map(Vec::len), Some(2), "the check lists the same");
}

#[test]
fn a_damaged_database_is_named_as_such() {
    let fts = Fts::new();
    let folder = fts.path("damaged");
    fs::create_dir(&folder).unwrap();
    let path = format!("{folder}/state.db");
    sqlite::execute(Path::new(&path), include_str!("reference.sql"));
    sqlite::execute(
        Path::new(&path),
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
         INSERT INTO models (id, name, description) SELECT 'm' || i, 'old', hex(zeroblob(500)) FROM n",
    );
    let mut bytes = fs::read(&path).unwrap();
    let page = bytes.len() / 4096 - 5;
    bytes[page * 4096..][..4096].fill(0xab);
    fs::write(&path, bytes).unwrap();
    let before = listing(Path::new(&folder));
    let fts = fts.with_db(&path);
    let refusal = fts.refused(&["list", "models"]);
    assert_eq!(
        (refusal.code.as_str(), refusal.message),
        ("damaged", format!("{path}: The database file is damaged."))
    );
    assert!(listing(Path::new(&folder)) == before, "something was left or changed");
}

#[test]
fn a_source_with_a_log_is_read_and_left_as_it_is() {
    let World { old, folder } = World::new();
    let source = format!("{folder}/state.db");
    let before = listing(Path::new(&folder));
    assert!(before.contains_key("state.db-wal"), "{:?}", before.keys());
    let new = Fts::new();
    let report = new.json(&["snapshot", "import", &source]);
    assert_eq!(report["tables"]["models"]["added"], 1, "{report}");
    assert!(listing(Path::new(&folder)) == before, "something was left or changed");
    drop(old);
}

/// A studio's database whose last change is in the log beside it, as a program leaves it that died.
struct World {
    old: Fts,
    folder: String,
}

impl World {
    fn new() -> Self {
        let old = Fts::new();
        old.json(&["list", "models"]);
        let folder = old.path("copied");
        fs::create_dir(&folder).unwrap();
        // A connection that is open keeps the log from being folded in.
        sqlite::while_open(old.db(), || {
            old.create("models", &json!({"huggingface_model_name": "acme/tiny"}));
            for end in ["", "-wal"] {
                fs::copy(format!("{}{end}", old.db().display()), format!("{folder}/state.db{end}")).unwrap();
            }
        });
        Self { old, folder }
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_is_refused_by_its_name() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let fts = Fts::new();
    let name = OsStr::from_bytes(b"bad\xff.csv");
    fs::write(Path::new(&fts.path("")).join(name), "q,a\n1,2\n").unwrap();
    let answer = fts.run_with_name(&["--json", "dataset", "import"], name);
    let error: Value = serde_json::from_str(&answer.err).unwrap();
    assert_eq!((answer.code, &error["code"]), (1, &json!("invalid")));
    assert_eq!(error["message"], "The name of bad\u{fffd}.csv is not UTF-8 text.");
    assert_eq!(error["hint"], "Rename the file, then choose it again.");
}
