//! What a prompt looks like with a row's values, and templates to start from.

use serde_json::json;
use studio::{
    ErrorCode,
    prompts::{PartKind, RenderRequest, RenderedPrompt, RenderedText},
    schema::TableName,
};

use crate::world::{World, id};

async fn dataset(world: &World, kind: &str, file: &str, content: &str) -> String {
    let file = world.file(file, content);
    let fields = json!({"type": kind, "name": file.file_name().unwrap().to_str(), "location": file});
    id(&world.create(TableName::Datasets, fields).await.unwrap())
}

fn request(dataset: &str, row: u64, input: &str, completion: &str) -> RenderRequest {
    RenderRequest {
        dataset_id: dataset.to_owned(),
        row,
        input_template: input.to_owned(),
        completion_template: completion.to_owned(),
        training_template: None,
        model_id: None,
        limit: None,
    }
}

async fn render(world: &World, request: &RenderRequest) -> RenderedPrompt {
    world.studio.prompts().render(request).await.unwrap()
}

fn values(text: &RenderedText) -> Vec<(&str, &str)> {
    let values = text.parts.iter().filter(|part| part.kind == PartKind::Value);
    values.map(|part| (part.column.as_deref().unwrap(), part.text.as_str())).collect()
}

/// The parts, and whether they are cut.
fn shown(text: &RenderedText) -> Vec<(&str, bool)> {
    text.parts.iter().map(|part| (part.text.as_str(), part.cut)).collect()
}

#[tokio::test]
async fn any_row_fills_the_templates() {
    let world = World::new().await;
    let csv = "question,answer\nWhy?,007\n\"Who, \"\"me\"\"?\",\nshort\n";
    let dataset = dataset(&world, "project_csv", "rows.csv", csv).await;
    let first = render(&world, &request(&dataset, 1, "Q: {question}\nA: ", "{answer}")).await;
    assert_eq!(first.input.text(), "Q: Why?\nA: ");
    assert_eq!(
        first.training.text(),
        "Q: Why?\nA: 007",
        "the input, then the completion; a CSV value is text"
    );
    assert_eq!(values(&first.training), [("question", "Why?"), ("answer", "007")]);
    let row = first.row.unwrap();
    assert_eq!((row.number, row.line, row.last), (1, Some(2), false));
    assert_eq!(first.columns, ["question", "answer"]);

    let own = RenderRequest {
        training_template: Some("{answer}<{question}".into()),
        ..request(&dataset, 2, "{question}", "{answer}")
    };
    let second = render(&world, &own).await;
    assert_eq!(second.training.text(), "<Who, \"me\"?");
    assert_eq!(second.completion.warnings, ["{answer} is empty in this row."]);
    let short = render(&world, &request(&dataset, 3, "{question}", "{answer}")).await;
    assert_eq!(short.training.text(), "short", "what a row of CSV leaves out is empty");
    assert!(short.row.unwrap().last);

    let beyond = render(&world, &request(&dataset, 4, "{question}", "{answer}")).await;
    assert_eq!(beyond.unreadable.unwrap().message, "The dataset has no row 4.");
    assert_eq!((beyond.row, beyond.input.tokens), (None, None));
    assert_eq!(beyond.input.text(), "{question}", "the template is shown as it stands");
    let none = render(&world, &request(&dataset, 0, "", "")).await;
    assert_eq!(none.unreadable.unwrap().code, ErrorCode::Invalid);
}

#[tokio::test]
async fn json_values_are_written_as_python_writes_them() {
    let world = World::new().await;
    let jsonl = "{\"a\": true, \"b\": [1.0, null, \"it's\"]}\n{\"a\": {\"k\": 1e20}}\n";
    let dataset = dataset(&world, "project_jsonl", "rows.jsonl", jsonl).await;
    let first = render(&world, &request(&dataset, 1, "{a} {b}", "x")).await;
    assert_eq!(first.input.text(), "True [1.0, None, \"it's\"]");
    let second = render(&world, &request(&dataset, 2, "{a} {b}", "x")).await;
    assert_eq!(second.input.text(), "{'k': 1e+20} None", "a key that is not there is null");
    assert_eq!(second.input.warnings, ["{b} has no value in this row, and is written as None."]);
}

#[tokio::test]
async fn what_is_wrong_is_named_with_its_place_and_what_was_meant() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let wrong =
        render(&world, &request(&dataset, 1, "é {question}\n{{}} {anwser} {zzz}", "{answer.x}")).await;
    let unknown = &wrong.input.problems;
    assert_eq!(
        unknown.iter().map(|p| (p.line, p.character, p.length, p.suggestion.as_deref())).collect::<Vec<_>>(),
        [(2, 6, 8, Some("answer")), (2, 15, 5, None)]
    );
    assert!(unknown[0].message.contains("Did you mean {answer}?"), "{}", unknown[0].message);
    assert_eq!(wrong.input.text(), "é Why?\n{} {anwser} {zzz}", "the rest is filled");
    assert_eq!((wrong.completion.problems.len(), wrong.completion.parts.len()), (1, 0));
    assert_eq!(wrong.training.problems.len(), 1, "the training text can't be read either");

    // The same is refused when it is saved.
    let fields = json!({
        "name": "p", "dataset_id": dataset, "input_template": "\n {anwser}", "completion_template": "{answer!r}",
    });
    let error = world.create(TableName::Prompts, fields).await.unwrap_err();
    let message = |column: &str| {
        let found = error.fields.iter().find(|field| field.column == column);
        found.map(|field| field.message.as_str()).unwrap_or_default()
    };
    assert_eq!(
        message("input_template"),
        "Line 2, character 2: {anwser} is not a column of the dataset. Did you mean {answer}?"
    );
    assert!(message("completion_template").starts_with("Line 1, character 1: '!'"), "{error:?}");
}

#[tokio::test]
async fn templates_are_checked_where_no_row_can_be_read() {
    let world = World::new().await;
    let gone = world.dataset().await;
    std::fs::remove_file(world.path("rows.csv")).unwrap();
    let rendered = render(&world, &request(&gone, 1, "{question} {anwser}", "{")).await;
    assert!(rendered.unreadable.unwrap().message.contains("rows.csv"));
    assert_eq!(rendered.input.problems[0].suggestion.as_deref(), Some("answer"));
    assert_eq!(rendered.completion.problems.len(), 1);

    let fields = json!({"type": "huggingface", "huggingface_name": "lab/rows"});
    let hub = id(&world.create(TableName::Datasets, fields).await.unwrap());
    let rendered = render(&world, &request(&hub, 1, "{anything}", "{0}")).await;
    assert!(rendered.unreadable.is_some() && rendered.columns.is_empty());
    assert_eq!(rendered.input.problems, [], "names can't be held against columns nobody knows");
    assert_eq!(rendered.completion.problems.len(), 1);
}

#[tokio::test]
async fn a_long_text_is_cut_at_the_limit() {
    let world = World::new().await;
    let csv = "question,answer\naaaabbbb,cccc\n";
    let dataset = dataset(&world, "project_csv", "rows.csv", csv).await;
    let mut asked = request(&dataset, 1, "{question}", "{answer}");
    asked.limit = Some(1);
    let cut = render(&world, &asked).await.training;
    assert_eq!(shown(&cut), [("aaaa", false), ("bbbb", true), ("cccc", true)]);
    let tokens = cut.tokens.unwrap();
    assert_eq!((tokens.count, tokens.exact), (4, false), "three of four bytes each, and the end");
    asked.limit = Some(2);
    let cut = render(&world, &asked).await.training;
    assert_eq!(shown(&cut), [("aaaabbbb", false), ("cccc", true)], "between two parts");
    asked.limit = Some(4);
    assert!(render(&world, &asked).await.training.parts.iter().all(|part| !part.cut));
}

/// Words apart at spaces, one token each.
const TOKENIZER: &str = r#"{
    "version": "1.0",
    "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
    "padding": {"strategy": {"Fixed": 9}, "direction": "Right", "pad_to_multiple_of": null,
        "pad_id": 0, "pad_type_id": 0, "pad_token": "?"},
    "added_tokens": [], "normalizer": null,
    "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
    "model": {"type": "WordLevel", "vocab": {"?": 0, "one": 1, "two": 2}, "unk_token": "?"}
}"#;

#[tokio::test]
async fn the_models_own_tokenizer_counts() {
    let world = World::new().await;
    let csv = "question,answer\none two three,one\n";
    let dataset = dataset(&world, "project_csv", "rows.csv", csv).await;
    std::fs::create_dir(world.path("model")).unwrap();
    let model = json!({"type": "project", "name": "Local", "location": world.path("model")});
    let model = id(&world.create(TableName::Models, model).await.unwrap());
    let mut asked = request(&dataset, 1, "{question} ", "{answer}");
    asked.model_id = Some(model);
    asked.limit = Some(2);

    let without = render(&world, &asked).await;
    assert!(without.tokenizer_problem.unwrap().message.contains("'Local'"));
    assert!(!without.input.tokens.unwrap().exact);

    world.file("model/tokenizer.model", "");
    let slow = render(&world, &asked).await.tokenizer_problem.unwrap().message;
    assert!(slow.contains("only in its slow form (tokenizer.model)"), "{slow}");

    let file = world.file("model/tokenizer.json", TOKENIZER);
    let counted = render(&world, &asked).await;
    assert_eq!(counted.tokenizer.as_deref(), file.to_str());
    let count = |text: &RenderedText| text.tokens.map(|tokens| (tokens.count, tokens.exact));
    assert_eq!(
        count(&counted.input),
        Some((3, true)),
        "neither cut nor filled up, whatever the file asks for"
    );
    assert_eq!(count(&counted.training), Some((5, true)), "with the mark of its end");
    let kept: String = counted.training.parts.iter().filter(|p| !p.cut).map(|p| p.text.as_str()).collect();
    assert_eq!(kept, "one two ");

    // A changed file is read anew, and a broken one is said.
    world.file("model/tokenizer.json", "{\"version\": 1}");
    let broken = render(&world, &asked).await;
    assert!(broken.tokenizer_problem.unwrap().message.contains("tokenizer.json"));
    assert!(!broken.input.tokens.unwrap().exact);
}

#[tokio::test]
async fn templates_to_start_from_can_be_saved_as_they_are() {
    let world = World::new().await;
    let csv = "context,Question,response,label\nc,q,r,l\n";
    let dataset = dataset(&world, "project_csv", "rows.csv", csv).await;
    let suggestion = world.studio.prompts().suggest(&dataset).await.unwrap();
    assert_eq!(suggestion.answer, "response");
    let fields = json!({
        "name": "p", "dataset_id": dataset,
        "input_template": suggestion.input_template, "completion_template": suggestion.completion_template,
    });
    let prompt = id(&world.create(TableName::Prompts, fields).await.unwrap());
    let rendered = world.studio.prompts().render_stored(&prompt, 1, None, None).await.unwrap();
    let (_, lines) =
        rendered.training.text().split_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert_eq!(lines, "Context: c\nQuestion: q\nLabel: l\nResponse: r");
    assert_eq!(rendered.training.text(), rendered.input.text() + &rendered.completion.text());

    let fields = json!({"type": "huggingface", "huggingface_name": "lab/rows"});
    let hub = id(&world.create(TableName::Datasets, fields).await.unwrap());
    let error = world.studio.prompts().suggest(&hub).await.unwrap_err();
    assert!(error.message.contains("lab/rows") && error.hint.is_some());
}
