//! Backups: made, listed, kept by a rule and brought back.

use std::fs;

use serde_json::json;

use crate::world::World;

#[test]
fn what_was_deleted_comes_back() {
    let World { fts, model, .. } = World::new();
    let made = fts.json(&["backup"]);
    assert!(fs::exists(made["path"].as_str().unwrap()).unwrap());
    fts.json(&["delete", "models", &model, "--dependents", "delete"]);
    assert_eq!(fts.count("models"), 0);
    let undo = fts.json(&["restore", made["id"].as_str().unwrap()]);
    assert_eq!(fts.get("models", &model)["name"], "acme/tiny");
    fts.json(&["restore", undo["id"].as_str().unwrap()]);
    assert_eq!(fts.count("models"), 0);
}

#[test]
fn they_are_listed_and_a_rule_can_be_set() {
    let World { fts, .. } = World::new();
    let made = fts.json(&["backup"]);
    let listed = fts.json(&["backups"]);
    assert_eq!(listed["backups"], json!([made]));
    assert_eq!(listed["rule"], json!({"keep_last": 10, "keep_days": 30}));
    assert_eq!(made["reason"], "manual");
    let set = fts.json(&["backups", "--keep-last", "3"]);
    assert_eq!(set["rule"], json!({"keep_last": 3, "keep_days": 30}));
    assert_eq!(fts.json(&["backups"])["rule"], set["rule"]);
    let told = fts.run(&["backups"]);
    assert!(told.out.contains(made["id"].as_str().unwrap()), "{}", told.out);
}

#[test]
fn a_backup_that_is_not_there_is_refused() {
    let World { fts, .. } = World::new();
    let refusal = fts.refused(&["restore", "20200101-000000-000"]);
    assert_eq!(refusal.code, "not_found");
    assert!(refusal.hint.is_some(), "a way out");
}
