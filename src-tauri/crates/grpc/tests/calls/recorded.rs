//! The recorded table: all calls with what they are answered, as any client sees them. The suite in Python plays
//! the same table.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::{Value, json};
use studio::wire;
use tonic::Code;

use crate::world::{World, write};

#[derive(Deserialize)]
pub(crate) struct Table {
    /// Files that are there before the first call.
    pub(crate) files: BTreeMap<String, String>,
    steps: Vec<Step>,
}

/// A call. `$name` in a text stands for what the first response with it had in its place; `$folder` for the
/// folder of the files.
#[derive(Deserialize)]
struct Step {
    /// What the call shows.
    fact: String,
    call: String,
    request: Value,
    /// The set fields of the response.
    response: Option<Value>,
    /// The code of the refusal, and its sentence.
    refusal: Option<[String; 2]>,
    /// The call is repeated until it is answered so.
    #[serde(default)]
    eventually: bool,
}

/// The value with each name replaced by what it stands for.
fn filled(value: &Value, names: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => {
            let fill =
                |text: String, (name, known): (&String, &String)| text.replace(&format!("${name}"), known);
            names.iter().rev().fold(text.clone(), fill).into()
        }
        Value::Array(items) => items.iter().map(|item| filled(item, names)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), filled(value, names))).collect())
        }
        other => other.clone(),
    }
}

/// Learns the names that stand alone in an expected value and are not known yet.
fn learn(expected: &Value, actual: &Value, names: &mut BTreeMap<String, String>) {
    match (expected, actual) {
        (Value::String(name), Value::String(text)) if name.starts_with('$') && !name.contains('/') => {
            names.entry(name[1..].to_owned()).or_insert_with(|| text.clone());
        }
        (Value::Array(expected), Value::Array(actual)) => {
            expected.iter().zip(actual).for_each(|(expected, actual)| learn(expected, actual, names));
        }
        (Value::Object(expected), Value::Object(actual)) => {
            for (field, expected) in expected {
                learn(expected, actual.get(field).unwrap_or(&Value::Null), names);
            }
        }
        _ => {}
    }
}

pub(crate) fn table() -> Table {
    serde_json::from_str(include_str!("recorded.json")).unwrap()
}

#[tokio::test]
async fn every_call_is_answered_as_recorded() {
    let world = World::new().await;
    let Table { files, steps } = table();
    let folder = world.folder.path().canonicalize().unwrap();
    for (path, content) in files {
        write(&folder.join(path), &content);
    }
    let mut names = BTreeMap::from([("folder".to_owned(), folder.display().to_string())]);
    let mut others = Vec::new();
    for (number, step) in steps.into_iter().enumerate() {
        let start = Instant::now();
        loop {
            let request = filled(&step.request, &names);
            let answer = world.client.call(&step.call, request).await;
            let (expected, actual) = match (&step.response, &step.refusal, &answer) {
                (Some(expected), None, Ok(actual)) => {
                    learn(expected, actual, &mut names);
                    (filled(expected, &names), actual.clone())
                }
                (None, Some(expected), Err(status)) => {
                    assert_eq!(status.code(), Code::Unknown, "{}", step.fact);
                    let code = status.metadata().get("fts-error-code").unwrap().to_str().unwrap();
                    (filled(&json!(expected), &names), json!([code, status.message()]))
                }
                (_, _, answer) => (Value::Null, json!(format!("{answer:?}"))),
            };
            if step.eventually && expected != actual && start.elapsed() < Duration::from_secs(60) {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
            if actual != expected {
                let Step { fact, call, .. } = &step;
                others.push(format!("{number} {call}: {fact}\nexpected {expected}\nactually {actual}"));
            }
            break;
        }
    }
    assert!(others.is_empty(), "{} calls:\n{}", others.len(), others.join("\n"));
}

#[test]
fn the_table_has_all_calls() {
    let recorded: BTreeSet<String> = table().steps.into_iter().map(|step| step.call).collect();
    let contract: BTreeSet<String> = wire::methods().map(|method| method.name().to_owned()).collect();
    assert_eq!(contract.len(), 32);
    assert_eq!(recorded, contract);
}
