//! Datasets: files that become rows, and rows that stay true to their files.

use serde_json::{Value, json};
use stories::{Fts, samples};

use crate::world::World;

#[test]
fn every_kind_of_file_is_imported_with_its_columns() {
    let fts = Fts::new();
    let files = [
        ("tickets.csv", samples::tickets_csv(50), "project_csv"),
        ("tickets.json", samples::tickets_json(50), "project_json"),
        ("tickets.jsonl", samples::tickets_jsonl(50), "project_jsonl"),
    ];
    for (name, contents, kind) in files {
        let path = fts.file(name, contents);
        let row = fts.json(&["import-dataset", &path, "--name", kind]);
        assert_eq!(row["type"], kind);
        assert_eq!(row["location"], path.as_str());
        assert_eq!(row["features"], r#"["instruction", "intent"]"#, "as existing studios store it");
        let id = row["id"].as_str().unwrap();
        assert_eq!(fts.get("datasets", id), row);

        let preview = fts.json(&["preview-dataset", id, "--rows", "3", "--offset", "40"]);
        let shown: Vec<&Value> =
            preview["rows"].as_array().unwrap().iter().map(|row| &row["values"]).collect();
        let expected: Vec<Value> = (40..43).map(|index| json!(samples::ticket(index))).collect();
        assert_eq!(shown, expected.iter().collect::<Vec<_>>(), "{name}: quotes and line breaks survive");
    }
    assert_eq!(fts.count("datasets"), 3);
}

#[test]
fn a_name_is_taken_from_the_file_and_taken_once() {
    let fts = Fts::new();
    let path = fts.file("Support tickets.csv", samples::tickets_csv(3));
    assert_eq!(fts.json(&["import-dataset", &path])["name"], "Support tickets");

    let refusal = fts.refused(&["import-dataset", &path, "--name", "  Support tickets "]);
    assert_eq!((refusal.code.as_str(), refusal.columns), ("conflict", vec!["name".to_owned()]));
    assert!(refusal.message.contains("Support tickets"), "{}", refusal.message);
    assert_eq!(fts.count("datasets"), 1);
}

#[test]
fn a_file_that_does_not_fit_is_refused_with_its_line() {
    let fts = Fts::new();
    let files: [(&str, &[u8], &str); 5] = [
        ("wide.csv", b"a,b\n1,2\n1,2,3\n", "line 3"),
        ("latin.csv", b"a,b\n1,caf\xe9\n", "line 2"),
        ("broken.jsonl", b"{\"a\": 1}\n{\"a\": \n", "line 2"),
        ("empty.csv", b"", "empty"),
        ("notes.txt", b"a,b\n1,2\n", ".jsonl"),
    ];
    for (name, contents, said) in files {
        let refusal = fts.refused(&["import-dataset", &fts.file(name, contents)]);
        assert_eq!(refusal.code, "invalid", "{name}");
        assert!(refusal.message.contains(said), "{name}: {}", refusal.message);
        assert!(refusal.message.contains(name), "{name}: {}", refusal.message);
        assert!(refusal.hint.is_some(), "{name}: a way out");
    }
    assert_eq!(fts.refused(&["import-dataset", &fts.path("nowhere.csv")]).code, "not_found");
    assert_eq!(fts.count("datasets"), 0);
}

#[test]
fn a_byte_order_mark_and_blank_lines_do_no_harm() {
    let fts = Fts::new();
    let path = fts.file("marked.csv", "\u{feff}\n\nquestion,answer\n1,2\n\n3,4\n");
    let preview = fts.json(&["preview-dataset", &path]);
    let names: Vec<&Value> =
        preview["columns"].as_array().unwrap().iter().map(|column| &column["name"]).collect();
    assert_eq!(names, ["question", "answer"]);
    assert_eq!(preview["rows"].as_array().unwrap().len(), 2);
    assert_eq!(fts.json(&["import-dataset", &path])["features"], r#"["question", "answer"]"#);
}

#[test]
fn one_is_found_changed_and_deleted() {
    let World { fts, dataset, prompt, .. } = World::new();
    fts.create("datasets", &json!({"type": "huggingface", "huggingface_name": "acme/reviews"}));
    let found = fts.json(&["list", "datasets", "--search", "tick"]);
    assert_eq!((&found["total"], &found["rows"][0]["id"]), (&json!(1), &json!(dataset)));
    assert_eq!(found["rows"][0]["huggingface_name"], Value::Null, "null columns are there");

    let row = fts.json(&["update", "datasets", &dataset, "--data", r#"{"description": "From the shop"}"#]);
    assert_eq!((&row["description"], &row["name"]), (&json!("From the shop"), &json!("Tickets")));

    let refusal = fts.refused(&["delete", "datasets", &dataset]);
    assert_eq!(refusal.code, "in_use");
    assert!(refusal.message.contains("'Intent'"), "names what refers to it: {}", refusal.message);
    assert_eq!(fts.count("datasets"), 2);

    fts.json(&["delete", "datasets", &dataset, "--dependents", "detach"]);
    assert_eq!(fts.get("prompts", &prompt)["dataset_id"], Value::Null);
    assert_eq!(fts.refused(&["get", "datasets", &dataset]).code, "not_found");
}

#[test]
fn a_folder_becomes_a_dataset_with_its_splits() {
    let fts = Fts::new();
    let folder = fts.path("set");
    std::fs::create_dir(&folder).unwrap();
    let refusal = fts.refused(&["import-dataset", &folder]);
    assert!(refusal.message.contains("without dataset files"), "{}", refusal.message);

    fts.file("set/train.csv", samples::tickets_csv(20));
    fts.file("set/test.csv", samples::tickets_csv(5));
    let row = fts.json(&["import-dataset", &folder]);
    assert_eq!((&row["type"], &row["name"]), (&json!("project"), &json!("set")));
    let id = row["id"].as_str().unwrap();
    let preview = fts.json(&["preview-dataset", id, "--split", "test", "--offset", "4"]);
    assert_eq!(preview["rows"][0]["values"], json!(samples::ticket(4)));
    assert_eq!(preview["splits"][1], json!({"name": "test", "files": ["test.csv"]}));
    assert_eq!(fts.refused(&["preview-dataset", id, "--split", "dev"]).code, "not_found");
}

/// The command line words the problems of the core's corpus as the core does.
#[test]
fn what_was_found_about_a_file_is_said_beside_its_import() {
    let fts = Fts::new();
    let path = fts.file("semicolons.csv", b"q;a\nHi, you;Yes\n");
    let imported = fts.run(&["dataset", "import", &path]);
    assert_eq!(imported.code, 0, "{}", imported.err);
    let printed = imported.err;
    assert!(printed.contains("line 1: The columns are separated by ';'."), "{printed}");

    let path = fts.file("latin.csv", b"sep=;\nq;a\ncaf\xe9;1\n");
    let refused = fts.run(&["--json", "dataset", "import", &path]);
    assert_eq!(refused.code, 1, "{}", refused.out);
    let printed = refused.err;
    let lines: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (error, warnings) = lines.split_last().unwrap();
    assert!(error["message"].as_str().unwrap().contains("--encoding windows-1252"), "{printed}");
    assert!(
        warnings.iter().all(|warning| warning["severity"] == "warning") && !warnings.is_empty(),
        "{printed}"
    );
}

/// What is chosen at the import is how the dataset is read from then on, and travels with it.
#[test]
fn how_a_file_is_read_is_chosen_once() {
    let fts = Fts::new();
    let path = fts.file("latin.csv", b"q,a\ncaf\xe9,1\n");
    assert_eq!(fts.refused(&["dataset", "import", &path]).code, "invalid");
    let row = fts.json(&["dataset", "import", &path, "--encoding", "windows-1252"]);
    let id = row["id"].as_str().unwrap();
    let first = |source: &str| fts.json(&["dataset", "preview", source])["rows"][0]["values"].clone();
    assert_eq!(first(id), json!(["caf\u{e9}", "1"]));
    assert_eq!(fts.json(&["dataset", "profile", id])["rows"], 1);
    let copy = fts.json(&["duplicate", "datasets", id]);
    assert_eq!(first(copy["id"].as_str().unwrap()), json!(["caf\u{e9}", "1"]));

    let snapshot = fts.path("all.json");
    fts.json(&["snapshot", "export", &snapshot]);
    let elsewhere = Fts::new();
    elsewhere.json(&["snapshot", "import", &snapshot]);
    let page = elsewhere.json(&["dataset", "preview", id]);
    assert_eq!(page["rows"][0]["values"], json!(["caf\u{e9}", "1"]));

    let lists = fts.file("lists.json", r#"{"train": [{"q": "a"}], "test": [{"q": "b"}]}"#);
    assert!(fts.refused(&["dataset", "import", &lists]).message.contains("--list train"));
    let row = fts.json(&["dataset", "import", &lists, "--list", "test"]);
    assert_eq!(first(row["id"].as_str().unwrap()), json!(["b"]));
}
