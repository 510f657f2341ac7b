//! The check: what is broken is found and named, and never makes a list fail.

use std::fs;

use serde_json::{Value, json};
use stories::sqlite;

use crate::world::World;

#[test]
fn a_sound_studio_has_no_findings() {
    let World { fts, .. } = World::new();
    assert_eq!(fts.json(&["check"])["findings"], json!([]));
}

#[test]
fn rows_from_elsewhere_are_shown_and_found_wanting() {
    let World { fts, model, .. } = World::new();
    sqlite::execute(
        fts.db(),
        "UPDATE models SET type = 'from_the_future'; \
         INSERT INTO adapters (id, name, model_id) VALUES ('odd', 'Orphan', 'gone')",
    );
    assert_eq!(fts.get("models", &model)["type"], "from_the_future", "kept as it is");
    assert_eq!(fts.count("adapters"), 2);

    let answer = fts.run(&["--json", "check"]);
    assert_eq!(answer.code, 1, "something is broken");
    let findings: Value = serde_json::from_str(&answer.out).unwrap();
    let about = |id: &str, column: &str, severity: &str| {
        findings["findings"].as_array().unwrap().iter().any(|finding| {
            finding["id"] == id && finding["column"] == column && finding["severity"] == severity
        })
    };
    assert!(about("odd", "model_id", "error"), "{findings}");
    assert!(about(&model, "type", "warning"), "{findings}");
}

#[test]
fn a_file_that_went_away_is_found() {
    let World { fts, dataset, .. } = World::new();
    fs::remove_file(fts.path("tickets.csv")).unwrap();
    let findings = fts.json(&["check"]);
    assert_eq!(findings["findings"][0]["id"], json!(dataset));
    assert_eq!(findings["findings"][0]["severity"], "warning");
    assert_eq!(fts.refused(&["preview-dataset", &dataset]).code, "not_found");
}

#[test]
fn many_findings_are_grouped_and_all_are_shown_on_request() {
    let World { fts, model, .. } = World::new();
    sqlite::execute(
        fts.db(),
        &format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) \
             INSERT INTO adapters (id, name, model_id) SELECT 'odd-' || i, 'Orphan ' || i, 'gone' FROM n; \
             UPDATE models SET type = 'from_the_future' WHERE id = '{model}'"
        ),
    );
    let answer = fts.run(&["check"]);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("adapters, model_id: 20 errors"), "{}", answer.out);
    assert_eq!(answer.out.matches("Orphan").count(), 3, "a few of them: {}", answer.out);
    assert!(answer.out.contains("… and 17 more") && answer.out.contains("--all"), "{}", answer.out);
    assert!(answer.out.contains("20 errors, 1 warning."), "{}", answer.out);
    assert_eq!(fts.run(&["check", "--all"]).out.matches("Orphan").count(), 20);

    let found: Value = serde_json::from_str(&fts.run(&["--json", "check"]).out).unwrap();
    assert_eq!(found["findings"].as_array().map(Vec::len), Some(21), "JSON has them whole");
    assert_eq!(
        found["groups"][0],
        json!({
            "severity": "error", "table": "adapters", "column": "model_id", "remedy": "clear_reference",
            "count": 20, "samples": ["odd-1", "odd-2", "odd-3"],
        })
    );
    assert_eq!(found["groups"].as_array().map(Vec::len), Some(2));
}
