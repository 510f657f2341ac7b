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
    } else if let Some(column) = COLUMNS.into_iter().find(|column| row.contains_key(*column)) {
        return Err(RowFault::new(column, format!("'{column}' is empty.")));
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(value: serde_json::Value) -> Object {
        Value::from(value).as_object().cloned().unwrap()
    }

    fn read(value: serde_json::Value) -> Result<Conversation, RowFault> {
        conversation(&row(value), Some("Be brief."))
    }

    fn said(value: serde_json::Value) -> Vec<(String, String)> {
        let text = |message: &Object, key: &str| message[key].as_str().unwrap_or_default().to_owned();
        let messages = read(value).unwrap().messages;
        messages.iter().map(|message| (text(message, "role"), text(message, "content"))).collect()
    }

    const TWO: [(&str, &str); 3] = [("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello")];

    fn assert_two(value: serde_json::Value) {
        let found = said(value);
        let found: Vec<(&str, &str)> = found.iter().map(|(who, what)| (&**who, &**what)).collect();
        assert_eq!(found, TWO);
    }

    #[test]
    fn every_shape_is_read_as_the_same_turns() {
        let chat = json!([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]);
        let sharegpt = json!([{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]);
        assert_two(json!({"messages": chat}));
        assert_two(json!({"conversations": chat}));
        assert_two(json!({"messages": sharegpt}));
        assert_two(json!({"conversations": sharegpt}));
        assert_two(json!({"messages": chat.to_string()}));
        assert_two(json!({"messages": null, "conversations": sharegpt}));
        assert_two(json!({"instruction": "Hi", "input": "", "output": "Hello"}));
        assert_two(json!({"prompt": "Hi", "completion": "Hello"}));
        assert_two(json!({"prompt": [chat[0]], "completion": [chat[1]]}));
        assert_two(
            json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, chat[1]]}),
        );
    }

    #[test]
    fn a_system_prompt_of_the_row_wins() {
        let messages = json!([{"role": "developer", "content": "Own."}, {"role": "user", "content": "Hi"}]);
        assert_eq!(said(json!({"messages": messages}))[0], ("system".to_owned(), "Own.".to_owned()));
        let alpaca = json!({"system": "Own.", "instruction": "Hi", "input": "there", "output": "Hello"});
        let turns = said(alpaca);
        assert_eq!(turns[0].1, "Own.");
        assert_eq!(turns[1].1, "Hi\n\nthere");
        // One that says nothing is none.
        let empty = json!([{"from": "system", "value": ""}, {"from": "human", "value": "Hi"}]);
        assert_eq!(said(json!({"conversations": empty}))[0].1, "Be brief.");
    }

    #[test]
    fn tools_and_their_calls_are_kept() {
        let tool = json!({"type": "function", "function": {"name": "add"}});
        let call = json!({"name": "add", "arguments": {"a": 1}});
        let called = json!([{"type": "function", "function": call}]);
        let asked = json!({"role": "user", "content": "1+1?"});
        let ways = [
            json!({"role": "assistant", "content": null, "tool_calls": called}),
            json!({"role": "assistant", "function_call": call}),
            json!({"from": "function_call", "value": call.to_string()}),
        ];
        for way in ways {
            let row = json!({"messages": [asked, way], "tools": json!([tool]).to_string()});
            let conversation = read(row).unwrap();
            assert_eq!(conversation.messages[2]["tool_calls"], called);
            assert_eq!(conversation.messages[2]["content"], json!(""));
            assert_eq!(conversation.tools.unwrap(), vec![Value::from(tool.clone())]);
        }
        let none =
            read(json!({"messages": [asked], "tools": [], "chat_template_kwargs": {"a": null, "b": 1}}));
        let none = none.unwrap();
        assert_eq!((none.tools, none.arguments.len()), (None, 1));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            (json!({"messages": []}), "'messages' is empty."),
            (json!({"messages": "Hi"}), "'messages' holds no list of messages."),
            (
                json!({"messages": [{"role": "usr", "content": "Hi"}]}),
                "Message 1 has the unknown role 'usr'.",
            ),
            (json!({"messages": [{"content": "Hi"}]}), "Message 1 has no 'role'."),
            (json!({"messages": [{"role": "user", "content": " "}]}), "Message 1 is empty."),
            (
                json!({"messages": [{"role": "user", "content": [{"type": "image"}]}]}),
                "Message 1 holds more than",
            ),
            (json!({"instruction": "", "output": "a"}), "'instruction' is empty."),
            (json!({"prompt": "a", "completion": null}), "'completion' is missing."),
            (json!({"question": "a"}), "There is no conversation"),
        ];
        for (row, wanted) in cases {
            let fault = read(row.clone()).unwrap_err();
            assert!(fault.message.starts_with(wanted), "{row}: {fault}");
        }
    }
}
