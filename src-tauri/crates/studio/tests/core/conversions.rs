//! Conversions: the same rows in another shape, in a new file.

use std::fs;

use proptest::prelude::*;
use serde_json::{Value, json};
use studio::{
    DatasetSource, ErrorCode, Result,
    datasets::{Converted, Shape},
    platform::Work,
};
use tokio_util::sync::CancellationToken;

use crate::world::World;

async fn convert(world: &World, from: &str, to: Shape, target: &str) -> Result<Converted> {
    let source = world.path(from).display().to_string();
    world
        .studio
        .datasets()
        .convert(&DatasetSource::from_text(&source), to, &world.path(target), false, &Work::unwatched())
        .await
}

fn rows(world: &World, name: &str) -> Vec<Value> {
    let text = fs::read_to_string(world.path(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn each_shape_becomes_the_others() {
    let chat = |turns: &[(&str, &str)]| -> Value {
        turns.iter().map(|(role, content)| json!({"role": role, "content": content})).collect()
    };
    let share = |turns: &[(&str, &str)]| -> Value {
        turns.iter().map(|(from, value)| json!({"from": from, "value": value})).collect()
    };
    let alpaca = json!({"instruction": "Add.", "input": "1, 2", "output": "3", "id": 7});
    let pair = json!({"prompt": "1+1=", "completion": "2"});
    let reported = json!({"messages": chat(&[("system", "Be kind."), ("user", "Hi"), ("assistant", "Ho")])});
    let shared =
        json!({"conversations": share(&[("human", "Hi"), ("gpt", "Ho"), ("human", "?"), ("gpt", "!")])});
    let preferred = json!({"prompt": "Hi", "chosen": "Ho", "rejected": "Ha"});
    let cases = [
        (&alpaca, Shape::PromptCompletion, json!({"prompt": "Add.\n\n1, 2", "completion": "3"})),
        (&alpaca, Shape::Chat, json!({"messages": chat(&[("user", "Add.\n\n1, 2"), ("assistant", "3")])})),
        (&alpaca, Shape::Text, json!({"text": "Add.\n\n1, 2\n\n3"})),
        (&alpaca, Shape::Alpaca, alpaca.clone()),
        (&pair, Shape::Alpaca, json!({"instruction": "1+1=", "input": "", "output": "2"})),
        (&pair, Shape::Text, json!({"text": "1+1=2"})),
        (&reported, Shape::PromptCompletion, json!({"prompt": "Be kind.\n\nHi", "completion": "Ho"})),
        (&reported, Shape::Text, json!({"text": "System: Be kind.\n\nUser: Hi\n\nAssistant: Ho"})),
        (
            &shared,
            Shape::Chat,
            json!({"messages": chat(&[("user", "Hi"), ("assistant", "Ho"), ("user", "?"), ("assistant", "!")])}),
        ),
        (&preferred, Shape::PromptCompletion, json!({"prompt": "Hi", "completion": "Ho"})),
        (
            &json!({"question": "Why?", "n": 3, "none": null}),
            Shape::Text,
            json!({"text": "question: Why?\nn: 3"}),
        ),
    ];
    for (number, (row, to, expected)) in cases.into_iter().enumerate() {
        let world = World::new().await;
        world.file("from.jsonl", row.to_string());
        let made = convert(&world, "from.jsonl", to, "to.jsonl").await.unwrap();
        assert_eq!(rows(&world, "to.jsonl"), [expected], "case {number}");
        assert_eq!((made.rows, made.left_out, made.shape), (1, 0, to));
        assert_eq!(&rows(&world, "from.jsonl")[0], row, "the original is as it was");
        let import = world.studio.datasets().import(&world.path("to.jsonl"), None, &Work::unwatched()).await;
        assert_eq!(import.unwrap().row.label, "to");
        let found = world
            .studio
            .datasets()
            .diagnose(&DatasetSource::from_text(&made.path), &Work::unwatched())
            .await
            .unwrap();
        assert_eq!((found.shape, found.errors), (if to == Shape::Text { Shape::Text } else { to }, 0));
    }
}

#[tokio::test]
async fn alpaca_brings_its_system_text_and_its_history() {
    let world = World::new().await;
    let row = json!({"system": "S", "history": [["a", "b"]], "instruction": "c", "input": "", "output": "d"});
    world.file("from.jsonl", row.to_string());
    convert(&world, "from.jsonl", Shape::Chat, "to.jsonl").await.unwrap();
    let messages = rows(&world, "to.jsonl")[0]["messages"].as_array().unwrap().clone();
    let reported: Vec<_> =
        messages.iter().map(|m| (m["role"].as_str().unwrap(), m["content"].as_str().unwrap())).collect();
    assert_eq!(
        reported,
        [("system", "S"), ("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d")]
    );
}

#[tokio::test]
async fn rows_that_can_not_be_converted_are_named_and_left_out() {
    let world = World::new().await;
    let good = r#"{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]}"#;
    let long = r#"{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}, {"role": "user", "content": "!"}]}"#;
    let tool = r#"{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "", "tool_calls": [{}]}]}"#;
    let bad = r#"{"messages": [{"role": "elf", "content": "Hi"}]}"#;
    world.file("from.jsonl", [good, long, "broken", tool, bad, good].join("\n"));
    let made = convert(&world, "from.jsonl", Shape::PromptCompletion, "to.jsonl").await.unwrap();
    let lines: Vec<_> = made.problems.iter().map(|p| p.line.unwrap()).collect();
    assert_eq!((made.rows, made.left_out, lines), (2, 4, vec![2, 3, 4, 5]));
    assert_eq!(made.problems[3].field.as_deref(), Some("messages"));
    assert_eq!(rows(&world, "to.jsonl").len(), 2);
}

#[tokio::test]
async fn the_format_changes_alone() {
    let world = World::new().await;
    world.file(
        "from.jsonl",
        "{\"q\": \"a,\\n\\\"b\\\"\", \"n\": 1}\n{\"n\": null, \"more\": true}\n{\"q\": [1]}\n",
    );
    let made = convert(&world, "from.jsonl", Shape::Columns, "to.csv").await.unwrap();
    assert_eq!((made.rows, made.left_out, made.problems[0].line), (2, 1, Some(3)));
    assert_eq!(fs::read_to_string(world.path("to.csv")).unwrap(), "q,n,more\n\"a,\n\"\"b\"\"\",1,\n,,true\n");
    convert(&world, "to.csv", Shape::Columns, "back.jsonl").await.unwrap();
    assert_eq!(rows(&world, "back.jsonl")[0], json!({"q": "a,\n\"b\"", "n": "1", "more": ""}));
}

#[tokio::test]
async fn nothing_is_overwritten_by_mistake() {
    let world = World::new().await;
    let from = world.file("from.jsonl", r#"{"prompt": "a", "completion": "b"}"#);
    let there = world.file("there.jsonl", "mine");
    let refused = |to, target| convert(&world, "from.jsonl", to, target);
    let same = refused(Shape::Chat, "from.jsonl").await.unwrap_err();
    assert!(same.code == ErrorCode::Invalid && same.message.contains("from.jsonl"), "{same}");
    assert_eq!(refused(Shape::Chat, "there.jsonl").await.unwrap_err().code, ErrorCode::Conflict);
    assert!(refused(Shape::Chat, "to.csv").await.unwrap_err().message.contains("CSV"));
    assert!(refused(Shape::Chat, "to.xlsx").await.unwrap_err().message.contains("to.xlsx"));
    assert!(refused(Shape::Preference, "to.jsonl").await.unwrap_err().hint.unwrap().contains("chat"));
    world.file("none.jsonl", r#"{"prompt": "a", "completion": ""}"#);
    let none = convert(&world, "none.jsonl", Shape::Chat, "to.jsonl").await.unwrap_err();
    assert!(none.message.contains("None of the rows"), "{none}");
    assert_eq!(fs::read_to_string(&there).unwrap(), "mine");

    let source = from.display().to_string();
    let stop = CancellationToken::new();
    stop.cancel();
    let stopped = Work::new(stop, |_| {});
    let error = world
        .studio
        .datasets()
        .convert(&DatasetSource::from_text(&source), Shape::Chat, &there, true, &stopped)
        .await
        .unwrap_err();
    assert_eq!((error.code, fs::read_to_string(&there).unwrap().as_str()), (ErrorCode::Cancelled, "mine"));
    let left = fs::read_dir(world.folder.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".part"));
    assert_eq!(left.count(), 0, "nothing half-made is left behind");
    world
        .studio
        .datasets()
        .convert(&DatasetSource::from_text(&source), Shape::Chat, &there, true, &Work::unwatched())
        .await
        .unwrap();
    assert_eq!(rows(&world, "there.jsonl").len(), 1);
}

fn words() -> impl Strategy<Value = String> {
    "[ -~é\n\t\"\\\\]{0,30}[a-zé]"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// There and back, the rows are the same.
    #[test]
    fn pairs_that_can_be_turned_round_keep_their_rows(
        pairs in prop::collection::vec((words(), words()), 1..20),
        csv in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            let prompts: Vec<Value> =
                pairs.iter().map(|(p, c)| json!({"prompt": p, "completion": c})).collect();
            let alpacas: Vec<Value> =
                pairs.iter().map(|(p, c)| json!({"instruction": p, "input": "", "output": c})).collect();
            let chats: Vec<Value> = pairs
                .iter()
                .map(|(p, c)| json!({"messages": [{"role": "user", "content": p}, {"role": "assistant", "content": c}]}))
                .collect();
            let flat = if csv { "over.csv" } else { "over.jsonl" };
            for (name, rows_in, there, over, back) in [
                ("p", &prompts, Shape::Alpaca, flat, Shape::PromptCompletion),
                ("q", &prompts, Shape::Chat, "chat.jsonl", Shape::PromptCompletion),
                ("a", &alpacas, Shape::PromptCompletion, flat, Shape::Alpaca),
                ("c", &chats, Shape::Sharegpt, "share.jsonl", Shape::Chat),
            ] {
                let lines: Vec<String> = rows_in.iter().map(Value::to_string).collect();
                world.file("from.jsonl", lines.join("\n"));
                let over = format!("{name}-{over}");
                assert_eq!(convert(&world, "from.jsonl", there, &over).await.unwrap().left_out, 0);
                let target = format!("{name}-back.jsonl");
                assert_eq!(convert(&world, &over, back, &target).await.unwrap().left_out, 0);
                assert_eq!(&rows(&world, &target), rows_in);
            }
        });
    }
}
