//! Conversions keep what they can and name the rest.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test stops at the first surprise"
)]

use std::{fs, path::Path};

use datasets::{Converted, Diagnosis, LatestScan, Scanner, Severity, Shape, convert};
use platform::Work;
use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value, json};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn diagnose(path: &Path) -> Diagnosis {
    run(Scanner::new(Work::unwatched(), LatestScan::default()).diagnose(path)).unwrap()
}

/// The rows of a file with these lines in another shape, and what is said.
fn converted(name: &str, text: &str, to: Shape, target: &str) -> (Converted, String) {
    let folder = tempfile::tempdir().unwrap();
    let (source, target) = (folder.path().join(name), folder.path().join(target));
    fs::write(&source, text).unwrap();
    let made = run(convert(source.as_path(), to, &target, false, &Work::unwatched()))
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    (made, fs::read_to_string(&target).unwrap())
}

fn says(made: &Converted) -> Vec<String> {
    made.problems.iter().map(|problem| problem.message.clone()).collect()
}

#[test]
fn another_format_keeps_every_column() {
    for (csv, shape) in [
        ("text,label\na,x\n", Shape::Text),
        ("id,text\n1,a\n", Shape::Text),
        ("instruction,input,output,source\na,b,c,d\n", Shape::Alpaca),
        ("note,instruction,output\na,b,c\n", Shape::Alpaca),
        ("prompt,completion,id\na,b,c\n", Shape::PromptCompletion),
        ("prompt,chosen,rejected,score\na,b,c,1\n", Shape::Preference),
        ("question,answer,id\na,b,c\n", Shape::Columns),
    ] {
        let (made, same) = converted("rows.csv", csv, shape, "out.csv");
        assert_eq!((same.as_str(), made.left_out, made.problems), (csv, 0, vec![]));
        let (_, lines) = converted("rows.csv", csv, shape, "out.jsonl");
        assert_eq!(converted("rows.jsonl", &lines, shape, "back.csv").1, csv);
    }
}

#[test]
fn what_another_shape_has_no_place_for_is_named() {
    let row = r#"{"instruction":"a","output":"b","source":"s","id":7,"none":null}"#;
    let (made, text) =
        converted("rows.jsonl", &format!("{row}\n{row}\n"), Shape::PromptCompletion, "out.jsonl");
    assert_eq!(text.lines().next().unwrap(), r#"{"prompt":"a","completion":"b"}"#);
    assert_eq!(
        says(&made),
        ["The column 'source' is left out; 2 rows have it.", "The column 'id' is left out; 2 rows have it."]
    );
    assert!(made.problems.iter().all(|problem| problem.severity == Severity::Warning) && made.left_out == 0);

    let chat = r#"{"messages":[{"role":"user","content":"q","name":"Ann"},{"role":"assistant","content":"a","reasoning_content":"r","weight":0,"tool_calls":null}]}"#;
    let (made, text) = converted("rows.jsonl", chat, Shape::Sharegpt, "out.jsonl");
    let turned = r#"{"conversations":[{"from":"human","value":"q","name":"Ann"},{"from":"gpt","value":"a","reasoning_content":"r","weight":0}]}"#;
    assert_eq!((text.trim_end(), says(&made).len()), (turned, 0));
    let (_, back) = converted("rows.jsonl", &text, Shape::Chat, "back.jsonl");
    assert_eq!(back.trim_end(), chat.replace(",\"tool_calls\":null", ""));
    let (made, _) = converted("rows.jsonl", chat, Shape::PromptCompletion, "out.jsonl");
    assert_eq!(
        says(&made),
        ["name", "reasoning_content", "weight"]
            .map(|key| format!("The messages' key '{key}' is left out; 1 row has it."))
    );
}

#[test]
fn parts_of_text_alone_are_a_text() {
    let chat = |content: &str| {
        format!(
            r#"{{"messages":[{{"role":"user","content":{content}}},{{"role":"assistant","content":"a"}}]}}"#
        )
    };
    for (content, prompt) in [
        (r#"[{"type":"text","text":"q"}]"#, "q"),
        (r#"[{"type":"text","text":"q"},{"type":"text","text":"r","image":null}]"#, "qr"),
        (r#"["q"]"#, "q"),
    ] {
        let (_, text) = converted("rows.jsonl", &chat(content), Shape::PromptCompletion, "out.jsonl");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["prompt"], prompt);
    }
    let two = format!("{}\n{}", chat(r#"[{"type":"image"},{"type":"text","text":"q"}]"#), chat("\"q\""));
    let (made, _) = converted("rows.jsonl", &two, Shape::PromptCompletion, "out.jsonl");
    assert_eq!((made.rows, says(&made)), (1, vec!["Message 1 is more than a text.".to_owned()]));
}

#[test]
fn conversations_of_another_name_or_as_text_can_be_converted() {
    let chat = r#"{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}"#;
    let turns = r#"[{"from":"human","value":"q"},{"from":"gpt","value":"a"}]"#;
    let messages = r#"[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]"#;
    let quoted = |list: &str| format!("\"{}\"", list.replace('"', "\"\""));
    for (name, text, words) in [
        ("rows.jsonl", format!("{{\"conversations\":{messages}}}"), "holds lists with 'role' and 'content'"),
        ("rows.jsonl", format!("{{\"messages\":{turns}}}"), "holds lists with 'from' and 'value'"),
        ("rows.csv", format!("messages\n{}\n", quoted(messages)), "as JSON text"),
        ("rows.csv", format!("id,conversations\n1,{}\n", quoted(turns)), "as JSON text"),
        ("rows.jsonl", json!({"messages": messages}).to_string(), "as JSON text"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join(name);
        fs::write(&source, &text).unwrap();
        let found = diagnose(&source);
        assert!(found.shape == Shape::Columns && found.why.contains(words), "{text}: {}", found.why);
        assert!(found.conversions.iter().any(|offer| offer.to == Shape::Chat), "{text}");
        let (made, written) = converted(name, &text, Shape::Chat, "out.jsonl");
        assert_eq!((written.trim_end(), made.rows, made.left_out), (chat, 1, 0), "{text}");
    }
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("rows.csv");
    fs::write(&source, "messages\n\"[{'role': 'user', 'content': 'q'}]\"\n").unwrap();
    let found = diagnose(&source);
    assert!(found.why.contains("as Python writes them") && found.conversions.len() == 2, "{}", found.why);
}

#[test]
fn keys_without_content_are_absent() {
    let chat = |last: &str| {
        format!(r#"{{"messages":[{{"role":"user","content":"q"}},{{"role":"assistant",{last}}}]}}"#) + "\n"
    };
    for (last, bad) in [
        (r#""content":null,"tool_calls":null"#, true),
        (r#""content":"","tool_calls":[]"#, true),
        (r#""content":null,"function_call":{"name":null,"arguments":null}"#, true),
        (r#""content":null,"tool_calls":[null]"#, true),
        (r#""content":[]"#, true),
        (r#""content":[{"type":"text","text":""}]"#, true),
        (r#""content":[{"type":"text","text":null},""]"#, true),
        (r#""content":[{"type":"text","text":"a"}]"#, false),
        (r#""content":[{"type":"image"}]"#, false),
        (r#""content":null,"tool_calls":[{"function":{"name":"f"}}]"#, false),
        (r#""content":"","function_call":{"name":"f","arguments":"{}"}"#, false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("rows.jsonl");
        fs::write(&source, chat(last) + &chat(r#""content":"a""#)).unwrap();
        assert_eq!(diagnose(&source).bad_rows, u64::from(bad), "{last}");
    }
}

#[test]
fn the_role_that_is_meant_is_named() {
    for (key, role, words) in [
        ("conversations", "Human", "Is 'human' meant?"),
        ("conversations", "GPT", "Is 'gpt' meant?"),
        ("conversations", "User ", "Is 'user' meant?"),
        ("conversations", "asistant", "Is 'assistant' meant?"),
        ("conversations", "environment", "Known are system, human, user, gpt,"),
        ("messages", "Human", "Is 'user' meant?"),
        ("messages", "gpt", "Is 'assistant' meant?"),
        ("messages", "Assistant", "Is 'assistant' meant?"),
        ("messages", "environment", "tool and function."),
    ] {
        let (who, what) = if key == "messages" { ("role", "content") } else { ("from", "value") };
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("rows.jsonl");
        fs::write(&source, json!({key: [{who: role, what: "x"}]}).to_string()).unwrap();
        let message = &diagnose(&source).problems[0].message;
        assert!(message.contains(&format!("unknown {who} '{role}'")) && message.contains(words), "{message}");
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~é\n\"]{0,12}".prop_map(Value::from),
        vec(any::<i8>().prop_map(Value::from), 0..3).prop_map(Value::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// JSON Lines become the same JSON Lines; as CSV, rows that fit have every column, and the others are named.
    #[test]
    fn another_format_keeps_every_value(
        rows in vec(vec(value(), 3), 1..12),
        names in prop::sample::subsequence(vec!["text", "label", "instruction", "output", "prompt", "completion"], 3),
    ) {
        let rows: Vec<Map<String, Value>> = rows
            .into_iter()
            .map(|row| names.iter().map(|name| (*name).to_owned()).zip(row).collect())
            .collect();
        let text: String = rows.iter().map(|row| json!(row).to_string() + "\n").collect();
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("rows.jsonl");
        fs::write(&source, &text).unwrap();
        let shape = diagnose(&source).shape;
        prop_assert_eq!(&converted("rows.jsonl", &text, shape, "out.jsonl").1, &text);

        let fits = |row: &&Map<String, Value>| row.values().all(|value| !value.is_array());
        let flat = rows.iter().filter(fits).count() as u64;
        if flat > 0 {
            let (made, csv) = converted("rows.jsonl", &text, shape, "out.csv");
            prop_assert_eq!((made.rows, made.left_out), (flat, rows.len() as u64 - flat));
            let mut read = csv::Reader::from_reader(csv.as_bytes());
            prop_assert_eq!(read.headers().unwrap().iter().collect::<Vec<_>>(), names);
            let written: Vec<csv::StringRecord> = read.records().map(Result::unwrap).collect();
            for (row, written) in rows.iter().filter(fits).zip(&written) {
                for (value, cell) in row.values().zip(written) {
                    let expected = match value {
                        Value::Null => String::new(),
                        Value::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    prop_assert_eq!(cell, expected);
                }
            }
        }
    }
}
