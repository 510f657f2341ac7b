//! Snapshots: the whole store in one file.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use stories::sqlite;

use crate::world::World;

const TABLES: [&str; 7] =
    ["datasets", "models", "adapters", "prompts", "configs", "fine_tuning_jobs", "evaluation_jobs"];

#[test]
fn json_holds_every_row_of_every_table() {
    let World { fts, .. } = World::new();
    let file = fts.path("snapshot.json");
    let said = fts.json(&["export", &file]);
    assert_eq!(said["bytes"], json!(fs::metadata(&file).unwrap().len()));

    let snapshot: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let tables: Vec<&String> = snapshot.as_object().unwrap().keys().collect();
    // The seven come first, then what a person would miss of the studio's own.
    assert_eq!(tables[..7], TABLES);
    assert_eq!(tables[7..], ["studio_times", "studio_tags"]);
    for table in TABLES {
        let schema = snapshot[table]["schema"].as_str().unwrap();
        assert!(schema.starts_with("CREATE TABLE IF NOT EXISTS"), "{schema}");
        let listed = fts.json(&["list", table]);
        assert_eq!(snapshot[table]["data"], listed["rows"], "{table}");
    }
}

#[test]
fn what_was_chosen_for_a_training_is_shown_travels_and_can_be_left_out() {
    let World { fts, .. } = World::new();
    let snapshot = json!({
        "fine_tuning_jobs": [{"id": "job", "adapter_name": "first"}],
        "studio_training_choices": [{
            "table_name": "fine_tuning_jobs", "row_id": "job",
            "choices": json!({"method": "dpo", "row_format": "preference"}).to_string(),
        }],
    });
    fts.json(&["snapshot", "import", &fts.file("in.json", snapshot.to_string())]);
    assert_eq!(fts.get("fine_tuning_jobs", "job")["choices"]["method"], "dpo");
    let shown = fts.run(&["get", "fine_tuning_jobs", "job"]).out;
    assert!(shown.contains("Row format") && shown.contains("preference"), "{shown}");

    let file = fts.path("snapshot.json");
    let exported = |more: &[&str]| {
        fts.json(&[&["snapshot", "export", file.as_str()][..], more].concat());
        serde_json::from_slice::<Value>(&fs::read(&file).unwrap()).unwrap()
    };
    assert_eq!(exported(&[])["studio_training_choices"]["data"], snapshot["studio_training_choices"]);
    let without = exported(&["--without-metadata"]);
    assert_eq!(without.as_object().unwrap().keys().collect::<Vec<_>>(), TABLES);
}

#[test]
fn sqlite_is_a_copy_that_opens() {
    let world = World::new();
    let file = world.fts.path("copy.sqlite");
    world.fts.json(&["export", &file]);
    let names = sqlite::texts(Path::new(&file), "SELECT name FROM datasets");
    assert_eq!(names, [Some("Tickets".to_owned())]);
    let before = world.fts.json(&["list", "prompts"]);
    let copy = world.fts.with_db(&file);
    assert_eq!(copy.json(&["list", "prompts"]), before);
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let World { fts, .. } = World::new();
    let file = fts.file("snapshot.json", "what was here before");
    fts.json(&["export", &file, "--format", "json"]);
    assert!(fs::read_to_string(&file).unwrap().starts_with('{'));

    let nowhere = fts.path("no/such/folder/snapshot.json");
    let refusal = fts.refused(&["export", &nowhere]);
    assert_eq!(refusal.code, "not_found");
    assert!(refusal.hint.is_some(), "a way out");
    let itself = fts.db().to_str().unwrap().to_owned();
    assert_eq!(fts.refused(&["export", &itself, "--format", "sqlite"]).code, "invalid");
    let left = fs::read_dir(fts.path(".")).unwrap().filter_map(Result::ok).map(|entry| entry.file_name());
    assert!(
        !left.into_iter().any(|name| name.to_string_lossy().ends_with(".part")),
        "nothing half done is left"
    );
}

#[test]
fn chosen_rows_are_exported_with_what_they_refer_to_and_come_in_elsewhere() {
    let world = World::new();
    let fts = world.fts;
    let file = fts.path("adapter.json");
    let said =
        fts.json(&["export", &file, "--table", "adapters", "--ids", &world.adapter, "--with-references"]);
    let rows: Vec<(&str, u64)> = said["rows"].as_array().unwrap().iter().map(counted).collect();
    assert_eq!(rows, [("datasets", 1), ("models", 1), ("adapters", 1), ("prompts", 1)]);

    let table = fts.path("prompts.csv");
    fts.json(&["export", &table, "--table", "prompts", "--ids", &world.prompt]);
    let text = fs::read_to_string(&table).unwrap();
    assert!(text.starts_with("id,type,name,"), "{text}");
    assert!(text.contains("\"Say the intent.\n{instruction}\n\""), "{text}");

    assert_eq!(fts.run(&["export", &file, "--ids", &world.adapter]).code, 2, "which table is not said");
    assert_eq!(fts.refused(&["export", &table]).code, "invalid", "the whole store is no table");
    let unfit = ["export", &table, "--table", "prompts", "--ids", &world.prompt, "--with-references"];
    assert!(fts.refused(&unfit).hint.is_some(), "a way out");
    assert_eq!(fts.refused(&["export", &file, "--table", "prompts", "--ids", "nobody"]).code, "not_found");

    let adapter = fts.get("adapters", &world.adapter);
    let there = fts.with_db(file.replace("adapter.json", "other.db"));
    there.json(&["import", &file]);
    assert_eq!(there.get("adapters", &world.adapter), adapter);
    assert_eq!(there.get("datasets", &world.dataset)["name"], "Tickets");
    assert_eq!(there.get("models", &world.model)["huggingface_model_name"], "acme/tiny");
}

fn counted(count: &Value) -> (&str, u64) {
    (count["table"].as_str().unwrap(), count["rows"].as_u64().unwrap())
}
