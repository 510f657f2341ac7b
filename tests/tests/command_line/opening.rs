//! Opening: the right file, and no other file is ever touched.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use stories::fts::finish;
use stories::{Fts, built, sqlite};

#[test]
fn a_database_is_made_where_there_was_none() {
    let fts = Fts::new();
    let fts = {
        let db = fts.path("new/folder/state.db");
        fts.with_db(db)
    };
    fts.create("models", &json!({"huggingface_model_name": "acme/tiny"}));
    assert_eq!(sqlite::texts(fts.db(), "SELECT name FROM models"), [Some("acme/tiny".to_owned())]);
}

#[test]
fn the_variable_names_the_database() {
    let fts = Fts::new();
    fts.create("models", &json!({"huggingface_model_name": "acme/tiny"}));
    let output = Command::new(built::program("fts"))
        .args(["--json", "list", "models"])
        .env("FINE_TUNING_STUDIO_SQLITE_DB", fts.db())
        .env("XDG_STATE_HOME", fts.path(".state"))
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("acme/tiny"), "{output:?}");
}

#[test]
fn without_a_word_it_is_in_the_application_data_folder() {
    let fts = Fts::new();
    let mut command = Command::new(built::program("fts"));
    command
        .args(["--json", "list", "models"])
        .env("XDG_DATA_HOME", fts.path("data"))
        .env("XDG_STATE_HOME", fts.path(".state"))
        .env("HOME", fts.path("."));
    let answer = finish(command, "");
    assert_eq!(answer.code, 0, "{}", answer.err);
    let made = walk(Path::new(&fts.path(".")));
    assert!(made.iter().any(|path| sqlite_file(path)), "{made:?}");
}

#[test]
fn what_is_no_studio_is_left_as_it_is() {
    let fts = Fts::new();
    let other = fts.path("other.db");
    sqlite::execute(Path::new(&other), "CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('La')");
    let text = fts.file("letter.txt", "Dear reader, this is no database at all.");
    let mut fts = fts;
    for (path, code) in [(other, "not_a_studio"), (text, "not_a_database")] {
        let before = fs::read(&path).unwrap();
        fts = fts.with_db(&path);
        let refusal = fts.refused(&["list", "models"]);
        assert_eq!(refusal.code, code);
        assert!(refusal.message.contains(&path), "names the file: {}", refusal.message);
        assert!(refusal.hint.is_some(), "a way out");
        assert_eq!(fs::read(&path).unwrap(), before, "untouched");
    }
}

#[test]
fn a_newer_or_damaged_database_is_left_as_it_is() {
    let fts = Fts::new();
    fts.create("models", &json!({"huggingface_model_name": "acme/tiny"}));
    let whole = fs::read(fts.db()).unwrap();

    fs::write(fts.db(), &whole[..whole.len() / 2]).unwrap();
    assert_eq!(fts.refused(&["list", "models"]).code, "damaged");
    assert_eq!(fs::read(fts.db()).unwrap().len(), whole.len() / 2, "untouched");

    fs::write(fts.db(), &whole).unwrap();
    assert_eq!(fts.count("models"), 1);

    let later = "INSERT INTO studio_migrations SELECT version + 1000, description, installed_on, success, checksum, \
                 execution_time FROM studio_migrations ORDER BY version DESC LIMIT 1";
    sqlite::execute(fts.db(), later);
    let versions = || sqlite::texts(fts.db(), "SELECT CAST(max(version) AS TEXT) FROM studio_migrations");
    let newer = versions();
    let refusal = fts.refused(&["list", "models"]);
    assert_eq!(refusal.code, "newer");
    assert!(refusal.message.contains("newer version"), "{}", refusal.message);
    assert!(refusal.hint.is_some_and(|hint| hint.starts_with("Update the program")), "a way out");
    assert_eq!(versions(), newer, "untouched");
    sqlite::execute(fts.db(), "DELETE FROM studio_migrations WHERE version > 1000");
    assert_eq!(fts.count("models"), 1);
}

#[test]
fn a_studio_of_the_reference_opens_in_place_after_a_backup() {
    let fts = Fts::new();
    sqlite::execute(fts.db(), include_str!("reference.sql"));
    let rows = fts.json(&["list", "datasets"]);
    assert_eq!(rows["rows"][0]["name"], "Old tickets");
    assert_eq!(fts.json(&["list", "adapters"])["rows"][0]["model_id"], "gone", "kept as it was found");
    let copies: Vec<_> = walk(Path::new(&fts.path(".")))
        .into_iter()
        .filter(|path| path != fts.db() && sqlite_file(path))
        .collect();
    assert_eq!(copies.len(), 1, "one backup: {copies:?}");
    assert_eq!(
        sqlite::texts(&copies[0], "SELECT version_num FROM alembic_version"),
        [Some("52d1db1b40a8".into())]
    );
    fts.create("models", &json!({"huggingface_model_name": "acme/tiny"}));
}

fn sqlite_file(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3\0"))
}

/// Every file below a folder.
fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
