//! The token lengths of a dataset's rows.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::{
    methods::{chats, rows, trained, world as world_of},
    world::World,
};

/// A tokenizer that makes a token of whatever stands between white space.
pub(crate) const TOKENIZER: &str = r#"{"version": "1.0", "pre_tokenizer": {"type": "WhitespaceSplit"},
    "model": {"type": "WordLevel", "vocab": {"?": 0}, "unk_token": "?"}}"#;

fn world(rows: &[Value]) -> World {
    let world = world_of(rows);
    fs::write(PathBuf::from(world.fts.path("model")).join("tokenizer.json"), TOKENIZER)
        .expect("a tokenizer can be written");
    world
}

fn lengths(world: &World, more: &[&str]) -> Value {
    let mut arguments = vec!["dataset", "tokens", &world.dataset, "--model", &world.model];
    arguments.extend(more);
    world.fts.json(&arguments)
}

fn kept(world: &World) -> usize {
    fs::read_dir(world.fts.path("token-lengths")).map_or(0, Iterator::count)
}

fn words(texts: &[&Value]) -> u64 {
    let text: String = texts.iter().map(|text| text.as_str().expect("a text")).collect();
    text.split_whitespace().count() as u64
}

/// All rows that a training wrote.
fn written(world: &World, choices: &Value) -> Vec<Value> {
    let id = trained(world, choices);
    [rows(world, &id, "train.jsonl"), rows(world, &id, "eval.jsonl")].concat()
}

#[test]
fn what_is_counted_is_what_is_trained() {
    let conversations = world(&chats(10));
    let found = lengths(&conversations, &["--system-prompt", "Be brief now."]);
    let texts = written(&conversations, &json!({"system_prompt": "Be brief now."}));
    let counted: Vec<u64> = texts.iter().map(|row| words(&[&row["text"]])).collect();
    assert_eq!(found["choices"]["chat_template"], "model");
    let found = &found["lengths"];
    assert_eq!(found["rows"], 10);
    assert_eq!(found["tokens"], counted.iter().sum::<u64>());
    assert_eq!(found["longest"], *counted.iter().max().expect("a row"));
    assert_eq!(found["shortest"], *counted.iter().min().expect("a row"));

    let answer = |n: usize| json!({"prompt": "Hi you", "chosen": format!("Hello {}", "you ".repeat(n)), "rejected": "Go away now"});
    let preferences = world(&(1..11).map(answer).collect::<Vec<_>>());
    let found = lengths(&preferences, &[])["lengths"].clone();
    let mut counted = (0, 0);
    for row in written(&preferences, &json!({})) {
        let [chosen, rejected] = ["chosen", "rejected"].map(|part| words(&[&row["prompt"], &row[part]]));
        counted = (counted.0 + chosen + rejected, counted.1.max(chosen).max(rejected));
    }
    assert_eq!((&found["tokens"], &found["longest"]), (&json!(counted.0), &json!(counted.1)));
    assert_eq!(found["packing"], Value::Null);

    // Texts that no template renders end with one more token; the words where they meet are one.
    let plain = lengths(&preferences, &["--chat-template", "none"])["lengths"].clone();
    assert_eq!(plain["longest"], 1 + 11 + 1);
    let texts = world(&vec![json!({"text": "one two three"}); 10]);
    assert_eq!(lengths(&texts, &[])["lengths"]["tokens"], 40);
    let unpaired = world(&vec![json!({"prompt": "a ", "completion": "b c", "label": true}); 10]);
    let found = lengths(&unpaired, &["--method", "kto", "--chat-template", "none"]);
    assert_eq!(found["lengths"]["tokens"], 40);
}

#[test]
fn rows_of_a_prompt_are_counted_as_it_fills_them() {
    let world = World::new();
    fs::write(PathBuf::from(world.fts.path("model")).join("tokenizer.json"), TOKENIZER).expect("a tokenizer");
    let found = lengths(&world, &["--prompt", &world.prompt, "--max-length", "4"])["lengths"].clone();
    let fields = world.training("plain", &json!({})).to_string();
    let run = world.fts.json(&["train", "--wait", "--data", &fields]);
    let id = run["id"].as_str().expect("an id");
    let texts = [rows(&world, id, "train.jsonl"), rows(&world, id, "eval.jsonl")].concat();
    let counted: u64 = texts.iter().map(|row| words(&[&row["prompt"], &row["completion"]]) + 1).sum();
    assert_eq!((&found["tokens"], &found["rows"]), (&json!(counted), &json!(30)));
    // The prompt alone fills the limit.
    let full = texts.iter().filter(|row| words(&[&row["prompt"]]) >= 4).count();
    assert_eq!(found["dropped"], full);
    let answer = world.fts.run(&["--json", "dataset", "tokens", &world.dataset, "--model", &world.model]);
    assert_eq!(answer.code, 1);
    let found: Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!((&found["problems"][0]["column"], &found["lengths"]), (&json!("prompt_id"), &Value::Null));
}

#[test]
fn a_limit_cuts_rows_and_drops_those_without_anything_to_learn() {
    let row = |asked: usize| {
        json!({"messages": [
            {"role": "user", "content": "so ".repeat(asked).trim()}, {"role": "assistant", "content": "yes it is"},
        ]})
    };
    // A row has a token for each word that is asked, one for each speaker, and three of the answer.
    let world = world(&[vec![row(1); 90], vec![row(20); 9], vec![row(60)]].concat());
    let at = |limit: &str| lengths(&world, &["--max-length", limit, "--batch-size", "2"])["lengths"].clone();
    let found = at("24");
    let (short, long) =
        (found["shortest"].as_u64().expect("a length"), found["longest"].as_u64().expect("a length"));
    assert_eq!(long - short, 59);
    assert_eq!((&found["median"], &found["percentile_95"]), (&json!(short), &json!(short + 19)));
    let limit = short + 19;
    let found = at(&limit.to_string());
    assert_eq!((&found["over"], &found["dropped"]), (&json!(1), &json!(1)));
    assert_eq!(found["epoch_tokens"], 90 * short + 9 * limit);
    let shorter = at(&(limit - 1).to_string());
    // Cut in the answer: it is still learned in part.
    assert_eq!((&shorter["over"], &shorter["dropped"]), (&json!(10), &json!(1)));
    assert_eq!(shorter["epoch_tokens"], 90 * short + 9 * (limit - 1));
    let [all, binned] = [&found, &shorter].map(|found| {
        found["histogram"]
            .as_array()
            .expect("bins")
            .iter()
            .map(|bin| bin["rows"].as_u64().expect("rows"))
            .sum::<u64>()
    });
    assert_eq!((all, binned), (100, 100));
    assert!(found["padding"]["wasted"].as_f64().expect("a share") > 0.0);
    assert_eq!(found["padding"]["batch"], 2);
    assert!(found["packing"]["packs"].as_u64().expect("packs") < 100);
    let table = world.fts.run(&["dataset", "tokens", &world.dataset, "--model", &world.model]).out;
    assert!(table.contains("Suggested limit"), "{table}");
}

#[test]
fn rows_are_counted_once_for_the_same_content_and_tokenizer() {
    let world = world(&chats(10));
    let first = lengths(&world, &["--max-length", "8"]);
    assert_eq!(kept(&world), 1);
    let again = lengths(&world, &["--max-length", "8"]);
    assert_eq!(again, first);
    lengths(&world, &["--max-length", "9"]);
    assert_eq!(kept(&world), 1);
    // What is kept is what is shown.
    let folder = PathBuf::from(world.fts.path("token-lengths"));
    let file = fs::read_dir(folder).expect("a folder").next().expect("a file").expect("a file").path();
    let text = fs::read_to_string(&file).expect("lengths");
    fs::write(&file, text.replacen("\"left_out\":0", "\"left_out\":7", 1)).expect("it can be written");
    assert_eq!(lengths(&world, &[])["lengths"]["left_out"], 7);
    lengths(&world, &["--system-prompt", "Hi"]);
    assert_eq!(kept(&world), 2);
    let row = format!("{}\n", chats(1)[0]);
    let path = world.fts.path("rows.jsonl");
    fs::write(&path, fs::read_to_string(&path).expect("rows") + &row).expect("a row can be added");
    assert_eq!(lengths(&world, &[])["lengths"]["rows"], 11);
    assert_eq!(kept(&world), 3);
}

#[test]
fn what_can_not_be_counted_is_said() {
    let mut some = chats(10);
    some[3] = json!({"conversations": [{"from": "nobody", "value": "Hi"}]});
    let world = world(&some);
    let found = lengths(&world, &[])["lengths"].clone();
    assert_eq!((&found["rows"], &found["left_out"]), (&json!(9), &json!(1)));
    assert!(found["left_out_first"].as_str().expect("a reason").starts_with("Row 4: "), "{found}");
    fs::remove_file(PathBuf::from(world.fts.path("model")).join("tokenizer.json")).expect("it is there");
    let refused = world.fts.refused(&["dataset", "tokens", &world.dataset, "--model", &world.model]);
    assert!(refused.message.contains("tokenizer.json"), "{}", refused.message);
}
