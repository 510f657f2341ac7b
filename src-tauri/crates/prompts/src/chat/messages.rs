//! Lists of messages as rows hold them, with the roles and keys that chat templates know.

use std::borrow::Cow;

use super::{
    role::{Speaker, Style, calls_tools, has_content, text_of_parts},
    row_fault::RowFault,
};
use crate::{Object, Value};

const ROLE: &str = "role";
const CONTENT: &str = "content";
const TOOL_CALLS: &str = "tool_calls";

/// The value under a name; none where nothing is said there.
pub(super) fn filled<'a>(row: &'a Object, column: &str) -> Option<&'a Value> {
    row.get(column).filter(|value| has_content(Some(value)))
}

/// The text under a name; none where it is blank or no text.
pub(super) fn text<'a>(row: &'a Object, column: &str) -> Option<&'a str> {
    filled(row, column).and_then(Value::as_str)
}

/// A message that says a text.
pub(super) fn message(speaker: Speaker, text: &str) -> Object {
    Object::from_iter([(ROLE.to_owned(), speaker.role().into()), (CONTENT.to_owned(), text.into())])
}

/// Who speaks in a message of [`messages`].
pub(super) fn role(message: &Object) -> &str {
    message.get(ROLE).and_then(Value::as_str).unwrap_or_default()
}

/// The list in a column: a list, or the JSON text of a list of objects, as CSV files hold it.
pub(super) fn list(value: &Value) -> Option<Cow<'_, [Value]>> {
    match value {
        Value::Array(list) => Some(Cow::Borrowed(list)),
        // A text may begin like this and be no JSON.
        Value::String(text) if text.trim_start().starts_with('[') => match json(text)? {
            Value::Array(list) if list.iter().all(|entry| entry.as_object().is_some()) => {
                Some(Cow::Owned(list))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The value of a JSON text.
pub(super) fn json(text: &str) -> Option<Value> {
    serde_json::from_str::<serde_json::Value>(text).ok().map(Value::from)
}

/// The messages of a list. A system message that says nothing is left out.
pub(super) fn messages(list: &[Value], column: &str) -> Result<Vec<Object>, RowFault> {
    if list.is_empty() {
        return Err(RowFault::new(column, "The list of messages is empty."));
    }
    let mut messages = Vec::with_capacity(list.len());
    for (number, entry) in (1..).zip(list) {
        let fault = |what: String| RowFault::new(column, format!("Message {number} {what}"));
        let Value::Object(entries) = entry else { return Err(fault("is no object.".to_owned())) };
        messages.extend(one(entries).map_err(fault)?);
    }
    Ok(messages)
}

/// A message, or what is wrong with it as the rest of a sentence.
fn one(entries: &Object) -> Result<Option<Object>, String> {
    let style = match entries.contains_key(Style::Sharegpt.speaker_key()) && !entries.contains_key(ROLE) {
        true => Style::Sharegpt,
        false => Style::Chat,
    };
    let name = entries.get(style.speaker_key()).and_then(Value::as_str);
    let name = name.ok_or_else(|| format!("has no '{}'.", style.speaker_key()))?;
    let speaker = style.speaker(name).ok_or_else(|| format!("has {}", style.unknown(name)))?;
    let content = match entries.get(style.content_key()) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => text_of_parts(parts)
            .ok_or("holds more than texts, and models that see or listen can't be trained here.")?,
        Some(_) => return Err(format!("has no text as '{}'.", style.content_key())),
    };
    if name == "function_call" {
        return Ok(Some(call_in_text(&content)));
    }
    if content.trim().is_empty() && !calls_tools(entries) {
        return match speaker {
            Speaker::System => Ok(None),
            // A tool may give nothing back.
            Speaker::Tool => Ok(Some(written(style, speaker, content, entries))),
            Speaker::User | Speaker::Assistant => Err("is empty.".to_owned()),
        };
    }
    Ok(Some(written(style, speaker, content, entries)))
}

/// The message with everything else that it has. Nulls are left out: Arrow writes them under keys that other
/// messages have.
fn written(style: Style, speaker: Speaker, content: String, entries: &Object) -> Object {
    let mut written = Object::with_capacity(entries.len());
    written.insert(ROLE.to_owned(), speaker.role().into());
    written.insert(CONTENT.to_owned(), content.into());
    for (key, value) in entries {
        let own = [style.speaker_key(), style.content_key()].contains(&key.as_str());
        match key.as_str() {
            _ if own || value.is_null() => {}
            // How OpenAI wrote calls before there could be several.
            "function_call" => {
                let calls = Value::Array(vec![call(value.clone())]);
                written.entry(TOOL_CALLS.to_owned()).or_insert(calls);
            }
            _ => _ = written.insert(key.clone(), value.clone()),
        }
    }
    written
}

/// A call of a tool that ShareGPT holds as the JSON text of what is called; other texts are said.
fn call_in_text(text: &str) -> Object {
    let calls = match json(text) {
        Some(called @ Value::Object(_)) => vec![called],
        Some(Value::Array(called)) => called,
        _ => Vec::new(),
    };
    if calls.is_empty() || calls.iter().any(|called| called.get("name").is_none()) {
        return message(Speaker::Assistant, text);
    }
    let mut message = message(Speaker::Assistant, "");
    message.insert(TOOL_CALLS.to_owned(), calls.into_iter().map(call).collect());
    message
}

fn call(function: Value) -> Value {
    Value::Object(Object::from_iter([
        ("type".to_owned(), "function".into()),
        ("function".to_owned(), function),
    ]))
}
