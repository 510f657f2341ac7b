//! The doctor for datasets.

use serde_json::json;
use stories::Fts;

#[test]
fn bad_rows_are_named_with_line_and_field() {
    let fts = Fts::new();
    let path = fts.file("tasks.csv", "instruction,output\nAdd 1 and 1.,2\nAdd 2 and 2.,\nAdd 1 and 1.,2\n");
    let answer = fts.run(&["--json", "diagnose", &path]);
    assert_eq!(answer.code, 1, "a bad row is a finding: {}", answer.err);
    let found: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(
        (&found["shape"], &found["rows"], &found["bad_rows"]),
        (&json!("alpaca"), &json!(3), &json!(1))
    );
    assert_eq!((&found["duplicates"], &found["problems"][1]["line"]), (&json!(1), &json!(4)));
    let first = &found["problems"][0];
    assert_eq!((&first["line"], &first["row"], &first["field"]), (&json!(3), &json!(2), &json!("output")));

    let id = fts.import(&path, "Tasks");
    let told = fts.run(&["diagnose", &id]).out;
    assert!(told.contains("line 3, 'output': 'output' is empty."), "{told}");
    assert!(told.contains("3 rows, 1 bad, 1 duplicate; 1 error, 1 warning."), "{told}");

    let good = fts.file("good.jsonl", "{\"text\": \"Once upon a time\"}\n");
    assert_eq!(fts.json(&["diagnose", &good])["shape"], "text");
    assert_eq!(fts.refused(&["diagnose", &fts.path("gone.csv")]).code, "not_found");
}
