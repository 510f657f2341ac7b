//! Rows read as conversations.

use super::{
    Conversation,
    messages::{filled, json, list, message, messages, role, text},
    role::Speaker,
    row_fault::RowFault,
};
use crate::{Object, Value};

/// The columns that hold conversations. Either may have the keys of the other.
const COLUMNS: [&str; 2] = ["messages", "conversations"];

/// A row as a conversation: a list of messages, an instruction and its output, or a prompt and its
/// completion. `system_prompt` is put in front where the row has none.
///
/// # Errors
/// The row is none of these, or a message of it can't be read.
pub fn conversation(row: &Object, system_prompt: Option<&str>) -> Result<Conversation, RowFault> {
    let said = if let Some((column, value)) =
        COLUMNS.iter().find_map(|name| Some((*name, filled(row, name)?)))
    {
        let list = list(value)
            .ok_or_else(|| RowFault::new(column, format!("'{column}' holds no list of messages.")))?;
        messages(&list, column)?
    } else if row.contains_key("instruction") {
        alpaca(row)?
    } else if row.contains_key("prompt") {
        let mut said = part(row, "prompt", Speaker::User)?;
        said.extend(part(row, "completion", Speaker::Assistant)?);
        said
    } else {
        let known =
            "There is no conversation: none of the columns messages, conversations, instruction and prompt.";
        return Err(RowFault::new(COLUMNS[0], known));
    };
    with_context(row, said, system_prompt)
}

/// Messages with what a row says about them: its system prompt, its tools, the arguments of its template.
pub(super) fn with_context(
    row: &Object,
    mut messages: Vec<Object>,
    system_prompt: Option<&str>,
) -> Result<Conversation, RowFault> {
    let system = text(row, "system").or(system_prompt);
    if let Some(system) = system.filter(|_| messages.first().is_none_or(|first| role(first) != "system")) {
        messages.insert(0, message(Speaker::System, system));
    }
    let tools = match filled(row, "tools") {
        None => None,
        Some(value) => {
            let list =
                list(value).ok_or_else(|| RowFault::new("tools", "'tools' holds no list of tools."))?;
            // Templates write their preamble for an empty list too.
            Some(list.into_owned()).filter(|list| !list.is_empty())
        }
    };
    let arguments = match filled(row, "chat_template_kwargs") {
        None => Object::new(),
        Some(value) => arguments(value)
            .ok_or_else(|| RowFault::new("chat_template_kwargs", "'chat_template_kwargs' is no object."))?,
    };
    Ok(Conversation { messages, tools, documents: None, arguments })
}

fn arguments(value: &Value) -> Option<Object> {
    let entries = match value {
        Value::Object(entries) => entries.clone(),
        Value::String(text) => json(text)?.as_object()?.clone(),
        _ => return None,
    };
    Some(entries.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

fn alpaca(row: &Object) -> Result<Vec<Object>, RowFault> {
    let mut said = Vec::new();
    if let Some(history) = filled(row, "history") {
        for pair in history.as_array().into_iter().flatten() {
            let (Some(asked), Some(answered)) = (pair[0].as_str(), pair[1].as_str()) else {
                return Err(RowFault::new("history", "'history' is not a list of pairs of texts."));
            };
            said.extend([message(Speaker::User, asked), message(Speaker::Assistant, answered)]);
        }
    }
    let asked: Vec<&str> = [text(row, "instruction"), text(row, "input")].into_iter().flatten().collect();
    if asked.is_empty() {
        return Err(RowFault::new("instruction", "'instruction' is empty."));
    }
    said.push(message(Speaker::User, &asked.join("\n\n")));
    said.extend(part(row, "output", Speaker::Assistant)?);
    Ok(said)
}

/// What stands in a column: messages, or a text that is said by `speaker`.
pub(super) fn part(row: &Object, column: &str, speaker: Speaker) -> Result<Vec<Object>, RowFault> {
    let value = row.get(column).unwrap_or(&Value::Null);
    if let Some(list) = list(value) {
        return messages(&list, column);
    }
    match value {
        Value::Null => Err(RowFault::missing(column)),
        Value::String(text) if text.trim().is_empty() => {
            Err(RowFault::new(column, format!("'{column}' is empty.")))
        }
        Value::String(text) => Ok(vec![message(speaker, text)]),
        _ => Err(RowFault::new(column, format!("'{column}' is neither a text nor a list of messages."))),
    }
}
