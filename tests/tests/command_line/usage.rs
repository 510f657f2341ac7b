//! The command line as an interface: exit codes, JSON, and where each goes.

use serde_json::{Value, json};
use stories::Fts;

#[test]
fn wrong_usage_ends_in_2_and_opens_nothing() {
    let fts = Fts::new();
    let wrong: [&[&str]; 6] = [
        &[],
        &["paint", "models"],
        &["list", "songs"],
        &["list", "models", "--limit", "many"],
        &["create", "models"],
        &["create", "models", "--data", "not JSON"],
    ];
    for arguments in wrong {
        let answer = fts.run(arguments);
        assert_eq!(answer.code, 2, "{arguments:?}: {}{}", answer.out, answer.err);
        assert_ne!(answer.err, "", "{arguments:?} says why");
    }
    assert!(!fts.db().exists(), "no database was made");
}

#[test]
fn a_refusal_ends_in_1_and_is_printed_on_standard_error() {
    let fts = Fts::new();
    let answer = fts.run(&["get", "models", "nobody"]);
    assert_eq!((answer.code, answer.out.as_str()), (1, ""));
    assert!(answer.err.contains("nobody"), "a sentence that names it: {}", answer.err);
    assert!(!answer.err.contains('{'), "no JSON unless asked for: {}", answer.err);

    let answer = fts.run(&["get", "models", "nobody", "--json"]);
    let error: Value = serde_json::from_str(&answer.err).unwrap();
    assert_eq!(error["code"], "not_found");
    assert!(error.get("hint").is_some(), "the key is there even without a hint");
}

#[test]
fn data_comes_as_text_from_a_file_or_from_standard_input() {
    let fts = Fts::new();
    let fields = |name: &str| json!({"huggingface_model_name": name}).to_string();
    let file = fts.file("fields.json", fields("acme/second"));
    fts.json(&["create", "models", "--data", &fields("acme/first")]);
    fts.json(&["create", "models", "--data", &format!("@{file}")]);
    let answer = fts.run_with_input(&["create", "models", "--data", "-"], &fields("acme/third"));
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert_eq!(fts.count("models"), 3);
}

#[test]
fn a_list_is_paged_and_counted() {
    let fts = Fts::new();
    for number in 0..5 {
        fts.create("models", &json!({"huggingface_model_name": format!("acme/m{number}")}));
    }
    let mut seen = Vec::new();
    for offset in ["0", "2", "4", "6"] {
        let page = fts.json(&["list", "models", "--limit", "2", "--offset", offset]);
        assert_eq!(page["total"], 5);
        seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["name"].to_string()));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5, "every row once");
}

#[test]
fn people_read_a_table() {
    let fts = Fts::new();
    fts.create("models", &json!({"huggingface_model_name": "acme/tiny"}));
    let answer = fts.run(&["list", "models"]);
    assert_eq!(answer.code, 0);
    assert!(answer.out.contains("acme/tiny") && answer.out.contains("1 of 1 model"), "{}", answer.out);
}

#[test]
fn each_problem_of_a_field_is_printed_once_with_its_column() {
    let fts = Fts::new();
    let answer = fts.run(&["model", "create", "--data", r#"{"type": "project"}"#]);
    assert_eq!(answer.code, 1);
    let mut lines: Vec<&str> = answer.err.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["location: Folder is required.", "name: Name is required."]);
}
