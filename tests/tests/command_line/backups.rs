//! Backups: made, listed, kept by a rule and brought back.

use std::{fs, process::Command};

use serde_json::json;
use stories::{sqlite, wait};

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
    let printed = fts.run(&["backups"]);
    assert!(printed.out.contains(made["id"].as_str().unwrap()), "{}", printed.out);
}

#[test]
fn a_backup_that_is_not_there_is_refused() {
    let World { fts, .. } = World::new();
    let refusal = fts.refused(&["restore", "20200101-000000-000"]);
    assert_eq!(refusal.code, "not_found");
    assert!(refusal.hint.is_some(), "a way out");
}

#[test]
fn a_restore_that_is_interrupted_changes_nothing() {
    let World { fts, .. } = World::new();
    // Enough rows to be interrupted before the last.
    sqlite::execute(
        fts.db(),
        "INSERT INTO configs (id, type, config) WITH RECURSIVE n(n) AS (VALUES (1) UNION ALL \
         SELECT n + 1 FROM n WHERE n < 20000) SELECT 'c' || n, 'custom', '{}' FROM n",
    );
    let made = fts.json(&["backup"]);
    let added = fts.create("models", &json!({"type": "huggingface", "huggingface_model_name": "acme/later"}));
    let backups = fts.path("backups");
    let mut restoring = sqlite::while_locked(fts.db(), || {
        let restoring = fts.start(&["backup", "restore", made["id"].as_str().unwrap()]);
        wait::until("the copy of the backup", || {
            let mut entries = fs::read_dir(&backups).unwrap().flatten();
            entries.any(|entry| entry.path().join("restored.sqlite").exists()).then_some(())
        });
        let interrupt = Command::new("kill").args(["-INT", &restoring.id().to_string()]).status().unwrap();
        assert!(interrupt.success());
        restoring
    });
    assert_eq!(restoring.wait().unwrap().code(), Some(1));
    assert_eq!(fts.get("models", &added)["huggingface_model_name"], "acme/later");
    assert_eq!(fts.count("configs"), 20_000);
    fts.json(&["backup", "restore", made["id"].as_str().unwrap()]);
    let models = fts.json(&["list", "models"]).to_string();
    assert!(!models.contains("acme/later"), "{models}");
}
