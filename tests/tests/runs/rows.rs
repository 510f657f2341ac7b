//! The rows a worker gets.

use std::fs;

use serde_json::{Value, json};

use crate::world::World;

fn rows(world: &World, id: &str, file: &str) -> Vec<Value> {
    let text = fs::read_to_string(world.folder(id).join(file)).expect("rows");
    text.lines().map(|line| serde_json::from_str(line).expect("a row of JSON")).collect()
}

/// What the preview shows for a row.
fn previewed(world: &World, row: &Value) -> (String, String) {
    let rendered = world.fts.json(&["render-prompt", &world.prompt, "--row", &row.to_string()]);
    let text = |part: &str| {
        let parts = rendered[part]["parts"].as_array().expect("parts").iter();
        parts.map(|part| part["text"].as_str().expect("text")).collect()
    };
    (text("input"), text("completion"))
}

#[test]
fn what_the_preview_shows_is_what_is_trained_on() {
    let world = World::new();
    let odd = "instruction,intent,extra\n\"a \"\"quote\"\"\nand {braces}\",x\nshort\n日本,\u{1f3ad},e\n,,\n";
    let file = world.fts.file("odd.csv", odd);
    let dataset = world.fts.import(&file, "Odd");
    let prompt = world.fts.create(
        "prompts",
        &json!({"name": "Odd", "dataset_id": dataset, "input_template": "{instruction}|{extra} {{}}\n", "completion_template": "{intent}"}),
    );
    let world = World { dataset, prompt, ..world };
    let mut fields = world.training("odd", &json!({}));
    fields["train_test_split"] = 0.5.into();
    let run = world.fts.json(&["train", "--wait", "--data", &fields.to_string()]);
    let id = run["id"].as_str().expect("an id");
    let (train, eval) = (rows(&world, id, "train.jsonl"), rows(&world, id, "eval.jsonl"));
    assert_eq!((train.len(), eval.len()), (2, 2));
    for row in train.iter().chain(&eval) {
        let shown = previewed(&world, &row["row"]);
        assert_eq!((row["prompt"].as_str(), row["completion"].as_str()), (Some(&*shown.0), Some(&*shown.1)));
    }
}

#[test]
fn rows_are_divided_as_the_libraries_divide_them() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    fields["dataset_fraction"] = 0.5.into();
    fields["train_test_split"] = 0.8.into();
    let run = world.fts.json(&["train", "--wait", "--data", &fields.to_string()]);
    let id = run["id"].as_str().expect("an id");
    let numbers = |file: &str| -> Vec<u64> {
        rows(&world, id, file).iter().filter_map(|row| row["row"].as_u64()).collect()
    };
    // Made by `datasets.Dataset.from_dict({"row": range(1, 31)})`, `train_test_split(test_size=0.5,
    // seed=42)["train"]` and again with `test_size=1 - 0.8`.
    assert_eq!(numbers("train.jsonl"), [18, 4, 28, 9, 5, 13, 16, 24, 2, 1, 14, 29]);
    assert_eq!(numbers("eval.jsonl"), [12, 15, 3]);
}

#[test]
fn a_split_of_the_dataset_is_held_back_whole() {
    let world = World::new();
    let folder = world.fts.path("split");
    fs::create_dir(&folder).expect("a folder");
    fs::write(format!("{folder}/train.csv"), "instruction,intent\na,1\nb,2\nc,3\n").expect("a file");
    fs::write(format!("{folder}/validation.csv"), "instruction,intent\nv,9\n").expect("a file");
    fs::write(format!("{folder}/test.csv"), "instruction,intent\nd,4\ne,5\n").expect("a file");
    let dataset = world.fts.import(&folder, "Split");
    let prompt = world.fts.create(
        "prompts",
        &json!({"name": "Split", "dataset_id": dataset, "input_template": "{instruction}", "completion_template": "{intent}"}),
    );
    let world = World { dataset, prompt, ..world };
    let run =
        world.fts.json(&["train", "--wait", "--data", &world.training("split", &json!({})).to_string()]);
    let id = run["id"].as_str().expect("an id");
    assert_eq!(rows(&world, id, "train.jsonl").len(), 3);
    let eval = rows(&world, id, "eval.jsonl");
    assert_eq!(eval[0], json!({"row": 5, "prompt": "d", "completion": "4"}));
    assert_eq!(previewed(&world, &eval[1]["row"]), ("e".to_owned(), "5".to_owned()));
}

#[test]
fn all_rows_may_be_trained_on() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    fields["train_test_split"] = 1.0.into();
    let run = world.fts.json(&["train", "--wait", "--data", &fields.to_string()]);
    let id = run["id"].as_str().expect("an id");
    assert_eq!(rows(&world, id, "train.jsonl").len(), 30);
    assert_eq!(rows(&world, id, "eval.jsonl").len(), 0);
}
