//! The doctor: which shape rows have, and which of them are bad.

use studio::{
    DatasetSource,
    datasets::{Diagnosis, Severity, Shape},
    platform::Work,
};

use crate::world::World;

async fn diagnose(name: &str, content: impl AsRef<[u8]>) -> Diagnosis {
    let world = World::new().await;
    let source = world.file(name, content).display().to_string();
    world.studio.datasets().diagnose(&DatasetSource::from_text(&source), &Work::unwatched()).await.unwrap()
}

/// Problems as `E3 output`: severity, line and field.
fn problems(diagnosis: &Diagnosis) -> Vec<String> {
    let reported = diagnosis.problems.iter().map(|p| {
        let severity = if p.severity == Severity::Error { 'E' } else { 'W' };
        let line = p.line.map_or("-".to_owned(), |line| line.to_string());
        format!("{severity}{line} {}", p.field.as_deref().unwrap_or("-"))
    });
    reported.collect()
}

#[tokio::test]
async fn each_shape_is_known_by_its_columns() {
    for (shape, row) in [
        (Shape::Alpaca, r#"{"instruction": "Add.", "input": "1, 2", "output": "3"}"#),
        (Shape::Alpaca, r#"{"instruction": "Say hi.", "output": "hi", "text": "both"}"#),
        (
            Shape::Sharegpt,
            r#"{"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Ho"}]}"#,
        ),
        (
            Shape::Chat,
            r#"{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]}"#,
        ),
        (Shape::PromptCompletion, r#"{"prompt": "1+1=", "completion": "2"}"#),
        (Shape::Preference, r#"{"prompt": "Hi", "chosen": "Ho", "rejected": "Ha"}"#),
        (
            Shape::Preference,
            r#"{"chosen": [{"role": "assistant", "content": "a"}], "rejected": [{"role": "assistant", "content": "b"}]}"#,
        ),
        (Shape::Text, r#"{"text": "Once upon a time", "source": "book"}"#),
        (Shape::Columns, r#"{"question": "Why?", "answer": "Because."}"#),
        (Shape::Columns, r#"{"messages": [{"from": "human", "value": "Hi"}]}"#),
        (Shape::Columns, r#"{"instruction": "Do"}"#),
    ] {
        let found = diagnose("rows.jsonl", row).await;
        assert_eq!((found.shape, found.rows, found.bad_rows), (shape, 1, 0), "{row}: {}", found.why);
        assert_eq!(problems(&found), [""; 0], "{row}");
        assert!(found.why.ends_with('.'), "{}", found.why);
    }
    assert_eq!(diagnose("rows.csv", "instruction,output\nAdd.,3\n").await.shape, Shape::Alpaca);
    let near = diagnose("rows.csv", "messages\nhello\n").await;
    assert!(near.shape == Shape::Columns && near.why.contains("'messages'"), "{}", near.why);
}

#[tokio::test]
async fn missing_and_empty_fields_are_named_with_line_and_row() {
    let csv = "instruction,input,output\nAdd.,,3\n\n,x,3\nAdd.,x\nAdd.,x,\"  \"\n";
    let found = diagnose("rows.csv", csv).await;
    assert_eq!((found.rows, found.bad_rows), (4, 3));
    assert_eq!(problems(&found), ["W3 -", "E4 instruction", "W5 output", "E5 output", "E6 output"]);
    assert_eq!(found.problems[1].row, Some(2));

    let json = "{\"prompt\": \"a\"}\n{\"prompt\": 7, \"completion\": null}\nbroken\n{\"prompt\": \"a\", \"completion\": \"b\"}\n";
    let found = diagnose("rows.jsonl", json).await;
    assert_eq!(problems(&found), ["E1 completion", "E2 prompt", "E2 completion", "E3 -", "W- completion"]);
    assert_eq!((found.errors, found.bad_rows, found.rows), (4, 2, 3));
}

#[tokio::test]
async fn conversations_are_followed_message_by_message() {
    let rows = [
        (
            r#"[{"role": "system", "content": "S"}, {"role": "user", "content": "U"}, {"role": "assistant", "content": "A"}]"#,
            vec![],
        ),
        (r#"[]"#, vec!["E1 messages"]),
        (r#""hello""#, vec!["E1 messages"]),
        (r#"[{"role": "user"}, {"role": "assistant", "content": "A"}]"#, vec!["E1 messages"]),
        (r#"[{"content": "U"}, {"role": "assistant", "content": " "}]"#, vec!["E1 messages", "E1 messages"]),
        (r#"[{"role": "robot", "content": "U"}, 7]"#, vec!["E1 messages", "E1 messages"]),
        (r#"[{"role": "assistant", "content": "A"}]"#, vec!["W1 messages"]),
        (r#"[{"role": "user", "content": "U"}]"#, vec!["W1 messages"]),
        (
            r#"[{"role": "user", "content": "U"}, {"role": "user", "content": "U"}, {"role": "assistant", "content": "A"}]"#,
            vec!["W1 messages"],
        ),
        (
            r#"[{"role": "user", "content": "U"}, {"role": "assistant", "content": null, "tool_calls": [{}]}, {"role": "tool", "content": "4"}, {"role": "assistant", "content": "A"}]"#,
            vec![],
        ),
    ];
    for (messages, expected) in rows {
        // A good row behind it says what the column is.
        let good =
            r#"{"messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": "!"}]}"#;
        let found = diagnose("rows.jsonl", format!("{{\"messages\": {messages}}}\n{good}\n")).await;
        assert_eq!(found.shape, Shape::Chat, "{messages}");
        assert_eq!(problems(&found), expected, "{messages}: {:?}", found.problems);
    }
    let share = r#"{"conversations": [{"from": "human", "value": "U"}, {"from": "gpt", "value": "A"}, {"from": "elf", "value": "?"}]}"#;
    let found = diagnose("rows.jsonl", share).await;
    assert_eq!((found.shape, problems(&found)), (Shape::Sharegpt, vec!["E1 conversations".to_owned()]));
    assert!(found.problems[0].message.contains("Message 3") && found.problems[0].message.contains("'elf'"));
}

#[tokio::test]
async fn a_preference_must_prefer_something() {
    let rows = "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"b\"}\n{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"\"}\n{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": [{\"role\": \"assistant\", \"content\": \"c\"}]}\n";
    let found = diagnose("rows.jsonl", rows).await;
    assert_eq!(problems(&found), ["E1 rejected", "E2 rejected", "E3 rejected"]);
    assert_eq!(found.bad_rows, 3);
}

#[tokio::test]
async fn repeated_rows_odd_values_and_very_long_ones_are_noticed() {
    let mut rows: String = (0..40).map(|n| format!("{{\"text\": \"row {n}\", \"age\": {n}}}\n")).collect();
    rows.push_str("{\"age\": 3, \"text\": \"row 3\"}\n{\"text\": \"row 4\", \"age\": 4}\n");
    rows.push_str("{\"text\": \"old\", \"age\": \"forty\"}\n");
    rows.push_str(&format!("{{\"text\": \"{}\", \"age\": 1}}\n", "é".repeat(140_000)));
    let found = diagnose("rows.jsonl", &rows).await;
    assert_eq!((found.duplicates, found.errors), (2, 0));
    assert_eq!(problems(&found), ["W44 text", "W41 -", "W43 age"]);
    assert!(found.problems[0].message.contains("140000"), "{:?}", found.problems[0]);
    assert!(found.problems[1].message.contains("lines 41 and 42"), "{:?}", found.problems[1]);
    assert!(found.problems[2].message.contains("texts"), "{:?}", found.problems[2]);

    let csv: String = (0..20).map(|n| format!("{n},{}\n", if n == 7 { "many" } else { "1.5" })).collect();
    let found = diagnose("rows.csv", format!("id,price\n{csv}")).await;
    assert_eq!(problems(&found), ["W9 price"]);
}

#[tokio::test]
async fn the_first_hundred_problems_are_kept_and_all_counted() {
    let rows: String = (0..300).map(|n| format!("q{n},\n")).collect();
    let found = diagnose("rows.csv", format!("prompt,completion\n{rows}")).await;
    assert_eq!((found.errors, found.bad_rows, found.problems.len()), (300, 300, 100));
    assert_eq!(found.problems[99].line, Some(101));
}

#[tokio::test]
async fn every_problem_is_listed_in_a_file() {
    let world = World::new().await;
    let rows = |count: usize| "Add.,\n".repeat(count);
    let source = world.file("bad.csv", format!("instruction,output\n{}", rows(250)));
    let target = world.path("problems.csv");
    let (source, work) = (source.display().to_string(), Work::unwatched());
    let (listed, diagnosis) = world
        .studio
        .datasets()
        .list_problems(&DatasetSource::from_text(&source), &target, &work)
        .await
        .unwrap();
    assert_eq!((diagnosis.errors, diagnosis.problems.len()), (250, 100));
    assert_eq!(listed.problems, diagnosis.errors + diagnosis.warnings);
    let text = std::fs::read_to_string(&target).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len() as u64, listed.problems + 1);
    assert_eq!(lines[0], "severity,file,line,row,field,problem");
    assert_eq!(lines[250], "error,,251,250,output,'output' is empty.");
}
