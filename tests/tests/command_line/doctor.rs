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
    let printed = fts.run(&["diagnose", &id]).out;
    assert!(printed.contains("line 3: 'output' is empty."), "{printed}");
    assert!(printed.contains("3 rows, 1 bad, 1 duplicate; 1 error, 1 warning."), "{printed}");

    let list = fts.path("problems.csv");
    assert_eq!(fts.run(&["diagnose", &id, "--list", &list]).code, 1);
    let listed = std::fs::read_to_string(&list).unwrap();
    assert!(listed.contains("error,,3,2,output,'output' is empty.\n"), "{listed}");

    let good = fts.file("good.jsonl", "{\"text\": \"Once upon a time\"}\n");
    assert_eq!(fts.json(&["diagnose", &good])["shape"], "text");
    assert_eq!(fts.refused(&["diagnose", &fts.path("gone.csv")]).code, "not_found");
}

#[test]
fn rows_become_a_new_file_in_another_shape() {
    let fts = Fts::new();
    let path = fts.file("tasks.csv", "instruction,input,output\nAdd.,\"1, 2\",3\nAdd.,x,\n");
    let offered = fts.run(&["diagnose", &path]).out;
    assert!(
        offered.contains("Converts to chat: Instruction and input become a message of 'user'"),
        "{offered}"
    );

    let made = fts.json(&["convert", &path, "--to", "chat", "chat.jsonl"]);
    assert_eq!(
        (&made["rows"], &made["left_out"], &made["problems"][0]["line"]),
        (&json!(1), &json!(1), &json!(3))
    );
    let id = fts.import(&fts.path("chat.jsonl"), "Chat");
    assert_eq!(fts.json(&["diagnose", &id])["shape"], "chat");

    assert_eq!(fts.refused(&["convert", &id, "--to", "sharegpt", "chat.jsonl"]).code, "invalid");
    assert_eq!(fts.refused(&["convert", &path, "--to", "chat", "chat.jsonl"]).code, "conflict");
    let printed = fts.run(&["convert", &id, "--to", "sharegpt", "share.jsonl"]).out;
    assert!(printed.starts_with("Wrote 1 row to") && printed.contains("left out 0"), "{printed}");
    assert_eq!(fts.run(&["convert", &path, "--to", "song", "x.jsonl"]).code, 2);
}

#[test]
fn what_a_conversion_leaves_out_is_said_on_standard_error() {
    let fts = Fts::new();
    let path = fts.file("rows.csv", "prompt,completion,id\na,b,1\nc,,2\n");
    let made = fts.run(&["dataset", "convert", &path, "--to", "chat", "chat.jsonl"]);
    assert!(made.out.starts_with("Wrote 1 row to") && made.out.lines().count() == 1, "{}", made.out);
    assert_eq!(
        made.err.lines().collect::<Vec<_>>(),
        ["line 3: 'completion' is empty.", "The column 'id' is left out; 1 row has it."]
    );

    let made = fts.run(&["--json", "dataset", "convert", &path, "--to", "chat", "other.jsonl"]);
    let result: serde_json::Value = serde_json::from_str(&made.out).unwrap();
    let said: Vec<serde_json::Value> =
        made.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&json!(said), said.len()), (&result["problems"], 2));
}
