//! What validation finds nothing wrong with, a training can read.

use prompts::{
    Object, Value,
    chat::{conversation, has_content, preference},
};
use serde_json::json;

use super::first_error;
use crate::{row::Row, shape::Shape};

fn messages() -> Vec<serde_json::Value> {
    vec![
        json!([]),
        json!([1]),
        json!([{"role": "user", "content": "Hi"}]),
        json!([{"role": "developer", "content": "Be kind."}, {"role": "user", "content": ["Hi"]}]),
        json!([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]),
        json!([{"role": "user", "content": "Hi"}, {"role": "assistant", "tool_calls": [{"name": "add"}]}]),
        json!([{"role": "user", "content": "Hi"}, {"role": "gpt", "content": "Hello"}]),
        json!([{"role": "user", "content": ""}]),
        json!([{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]),
        json!([{"from": "human", "value": "Hi"}, {"from": "function_call", "value": "{\"name\": \"add\"}"}]),
        json!([{"from": "human", "value": null}]),
        json!([{"from": "someone", "value": "Hi"}]),
    ]
}

fn values() -> Vec<serde_json::Value> {
    let others =
        [json!(null), json!(""), json!(" "), json!("Hi"), json!("[an answer]"), json!(3), json!({"a": 1})];
    others.into_iter().chain(messages()).collect()
}

/// Rows with each of the values in each of the columns, or without the column.
fn rows(columns: &[&str]) -> Vec<Object> {
    let mut rows = vec![Object::new()];
    for column in columns {
        let with = |row: &Object, value| {
            let mut row = row.clone();
            row.insert((*column).to_owned(), Value::from(value));
            row
        };
        let filled: Vec<Object> =
            rows.iter().flat_map(|row| values().into_iter().map(move |value| with(row, value))).collect();
        rows.extend(filled);
    }
    rows
}

#[test]
fn what_has_no_error_is_read_as_an_example() {
    for (shape, columns) in [
        (Shape::Chat, &["messages"][..]),
        (Shape::Sharegpt, &["conversations"]),
        (Shape::Alpaca, &["instruction", "input", "output"]),
        (Shape::PromptCompletion, &["prompt", "completion"]),
        (Shape::Preference, &["prompt", "chosen", "rejected"]),
    ] {
        let mut read = 0;
        for row in rows(columns) {
            // Without a prompt, what both answers begin with is one, which validation doesn't look at.
            let lacks_prompt = shape == Shape::Preference && !has_content(row.get("prompt"));
            if lacks_prompt || first_error(shape, Row::Object(&row)).is_some() {
                continue;
            }
            let fault = match shape {
                Shape::Preference => preference(&row, None, false).err(),
                _ => conversation(&row, None).err(),
            };
            assert_eq!(fault, None, "{shape}: {}", Value::Object(row));
            read += 1;
        }
        assert!(read > 0, "{shape}");
    }
}

#[test]
fn pictures_are_an_example_for_other_programs() {
    let row = json!({"messages": [
        {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What is it?"}]},
        {"role": "assistant", "content": "A cat."},
    ]});
    let row = Value::from(row).as_object().cloned().unwrap();
    assert_eq!(first_error(Shape::Chat, Row::Object(&row)), None);
    let fault = conversation(&row, None).unwrap_err();
    assert_eq!(fault.column, "messages");
    assert!(fault.message.starts_with("Message 1 holds more than texts"), "{fault}");
}
