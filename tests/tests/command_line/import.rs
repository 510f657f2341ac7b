//! Importing a snapshot: planned first, then taken by a policy, and never half.

use serde_json::{Value, json};
use stories::Fts;

use crate::world::World;

#[test]
fn a_studio_moves_to_another_machine_and_back() {
    let World { fts: old, .. } = World::new();
    for name in ["all.json", "all.sqlite"] {
        let file = old.path(name);
        old.json(&["export", &file]);
        let new = Fts::new();
        let report = new.json(&["import", &file]);
        assert_eq!(report["tables"]["prompts"]["added"], 1, "{report}");
        let again = new.path("all.json");
        new.json(&["export", &again]);
        let first = old.path("compare.json");
        old.json(&["export", &first]);
        assert!(
            std::fs::read(&again).unwrap() == std::fs::read(&first).unwrap(),
            "{name}: not the same bytes"
        );
        assert_eq!(old.json(&["import", &again, "--dry-run"])["tables"]["prompts"]["same"], 1);
    }
}

#[test]
fn a_dry_run_prints_the_plan_and_changes_nothing() {
    let World { fts, model, .. } = World::new();
    let file = fts.file(
        "source.json",
        json!({"models": [{"id": model, "name": "other"}, {"id": "n", "name": "new"}, {"name": "no id"}]})
            .to_string(),
    );
    let plan = fts.json(&["import", &file, "--dry-run"]);
    let models = &plan["tables"]["models"];
    assert_eq!(
        [&models["new"], &models["same"], &models["conflicting"], &models["invalid"]],
        [&json!(1), &json!(0), &json!(1), &json!(1)]
    );
    assert_eq!(plan["problems"][0]["row"], 3);
    assert_eq!(fts.count("models"), 1);
    assert_eq!(fts.json(&["backups"])["backups"], json!([]));
    let printed = fts.run(&["import", &file, "--dry-run"]);
    assert!(printed.code == 0 && printed.out.contains("row 3"), "{}{}", printed.out, printed.err);
}

#[test]
fn conflicts_stop_unless_a_policy_is_given() {
    let World { fts, model, .. } = World::new();
    let name = |fts: &Fts| fts.get("models", &model)["name"].clone();
    let file = fts.file("source.json", json!({"models": [{"id": model, "name": "other"}]}).to_string());
    let refusal = fts.refused(&["import", &file]);
    assert_eq!(refusal.code, "conflict");
    assert!(refusal.hint.is_some(), "a way out");
    fts.json(&["import", &file, "--on-conflict", "keep"]);
    assert_eq!(name(&fts), "acme/tiny");
    let report = fts.json(&["import", &file, "--on-conflict", "replace"]);
    assert_eq!((name(&fts), &report["tables"]["models"]["replaced"]), (json!("other"), &json!(1)));
    fts.json(&["restore", report["backup"]["id"].as_str().unwrap()]);
    assert_eq!(name(&fts), "acme/tiny");
}

#[test]
fn rows_that_cannot_be_taken_are_left_out_when_asked() {
    let fts = Fts::new();
    let file = fts.file(
        "source.json",
        json!({"adapters": [{"id": "a", "model_id": "gone"}, {"id": 5}], "songs": [{"title": "La"}]})
            .to_string(),
    );
    assert_eq!(fts.refused(&["import", &file]).code, "invalid");
    assert_eq!(fts.count("adapters"), 0);
    let report = fts.json(&["import", &file, "--skip-invalid", "--dangling", "clear"]);
    assert_eq!(report["left_out_count"], 2);
    assert_eq!(fts.get("adapters", "a")["model_id"], Value::Null);
}

#[test]
fn what_is_no_snapshot_is_refused_by_name() {
    let fts = Fts::new();
    for (file, code) in [
        (fts.file("letter.txt", "Dear reader"), "invalid"),
        (fts.file("empty.json", ""), "invalid"),
        (fts.path("nowhere.json"), "not_found"),
        (fts.path("."), "file"),
    ] {
        let refusal = fts.refused(&["import", &file]);
        assert_eq!(refusal.code, code);
        assert!(refusal.message.contains(file.trim_end_matches("/.")), "{}", refusal.message);
        assert!(refusal.hint.is_some(), "a way out");
    }
}

/// Once no program has it open, the database is one file: who copies that has everything.
#[test]
fn what_was_written_is_in_the_file_when_the_command_ends() {
    let World { fts: old, .. } = World::new();
    let source = old.path("all.json");
    old.json(&["export", &source]);
    for _ in 0..5 {
        let new = Fts::new();
        new.json(&["import", &source]);
        let copy = Fts::new().with_db(new.path("copy.db"));
        std::fs::copy(new.db(), copy.db()).unwrap();
        assert_eq!(copy.count("prompts"), 1);
    }
}
