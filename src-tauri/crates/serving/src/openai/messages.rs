//! The messages and tools of a chat, as chat templates take them.

use schema::Row;
use serde_json::{Map, Value};

use super::error::ApiError;

/// The messages of a request as a conversation.
pub(crate) fn messages(given: Vec<Value>) -> Result<Vec<Row>, ApiError> {
    if given.is_empty() {
        return Err(ApiError::parameter("messages", "'messages' is empty."));
    }
    let all = given.into_iter().enumerate();
    all.map(|(at, message)| {
        read(message)
            .map_err(|why| ApiError::parameter("messages", format!("'messages[{at}]' can't be used: {why}")))
    })
    .collect()
}

fn read(message: Value) -> Result<Row, String> {
    let Value::Object(mut message) = message else { return Err("it is no object.".to_owned()) };
    let role = match message.get("role").and_then(Value::as_str) {
        Some("developer") => "system",
        Some(role @ ("system" | "user" | "assistant" | "tool")) => role,
        Some(other) => return Err(format!("there is no role '{other}'.")),
        None => return Err("it has no 'role'.".to_owned()),
    };
    let mut read = Row::new();
    read.insert("role".to_owned(), role.into());
    let calls = message.remove("tool_calls").filter(|calls| !calls.is_null());
    let content = match message.remove("content") {
        Some(content) => text(content)?,
        None if calls.is_some() => String::new(),
        None => return Err("it has no 'content'.".to_owned()),
    };
    read.insert("content".to_owned(), content.into());
    for name in ["name", "tool_call_id"] {
        read.extend(message.remove(name).filter(Value::is_string).map(|value| (name.to_owned(), value)));
    }
    if let Some(calls) = calls {
        let Value::Array(calls) = calls else { return Err("'tool_calls' is no list.".to_owned()) };
        let calls: Vec<Value> = calls.into_iter().map(call).collect::<Result<_, _>>()?;
        if !calls.is_empty() {
            read.insert("tool_calls".to_owned(), calls.into());
        }
    }
    Ok(read)
}

/// A text, or parts of text.
fn text(content: Value) -> Result<String, String> {
    match content {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text),
        Value::Array(parts) => parts.iter().map(part).collect(),
        _ => Err("'content' is neither a text nor a list of parts.".to_owned()),
    }
}

fn part(part: &Value) -> Result<&str, String> {
    let kind = part["type"].as_str().unwrap_or_default();
    match part["text"].as_str() {
        Some(text) if kind == "text" => Ok(text),
        _ => Err(format!("a part of the type '{kind}' is no text. The model reads text alone.")),
    }
}

/// A call of a tool. Clients send the arguments as text; templates write them as an object.
fn call(mut call: Value) -> Result<Value, String> {
    let function = call.get_mut("function").and_then(Value::as_object_mut);
    let Some(function) = function.filter(|function| function.get("name").is_some_and(Value::is_string))
    else {
        return Err("a call has no 'function' with a 'name'.".to_owned());
    };
    let arguments = function.get("arguments").and_then(Value::as_str);
    if let Some(object) = arguments.and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok()) {
        function.insert("arguments".to_owned(), object.into());
    }
    Ok(call)
}

/// The tools of a request, and the names of their functions. One whose calls are to follow its schema (`strict`) is
/// refused: the model writes them freely.
pub(crate) fn tools(given: Vec<Value>) -> Result<(Vec<Row>, Vec<String>), ApiError> {
    let mut names = Vec::new();
    let mut tools = Vec::new();
    for (at, mut tool) in given.into_iter().enumerate() {
        let strict = tool.get_mut("function").and_then(|function| function.as_object_mut()?.remove("strict"));
        if strict.is_some_and(|strict| !matches!(strict, Value::Null | Value::Bool(false))) {
            let why =
                "The model can't be made to keep to the schema of a tool: check the arguments of its calls.";
            return Err(ApiError::unsupported(&format!("tools[{at}].function.strict"), why));
        }
        let name =
            tool["function"]["name"].as_str().filter(|_| tool["type"] == "function").map(str::to_owned);
        let (Some(name), Value::Object(tool)) = (name, tool) else {
            return Err(ApiError::parameter("tools", format!("'tools[{at}]' is no function with a name.")));
        };
        names.push(name);
        tools.push(tool);
    }
    Ok((tools, names))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_become_what_templates_take() {
        let given = json!([
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
            {"role": "assistant", "content": null, "tool_calls": [
                {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{\"x\": 1}"}},
            ]},
            {"role": "tool", "tool_call_id": "1", "content": "2"},
        ]);
        let read = messages(given.as_array().cloned().unwrap()).unwrap();
        let call = json!({"id": "1", "type": "function", "function": {"name": "f", "arguments": {"x": 1}}});
        assert_eq!(
            json!(read),
            json!([
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "ab"},
                {"role": "assistant", "content": "", "tool_calls": [call]},
                {"role": "tool", "content": "2", "tool_call_id": "1"},
            ])
        );
    }

    #[test]
    fn what_no_model_here_reads_is_refused_with_its_place() {
        for wrong in [
            json!(7),
            json!({"content": "x"}),
            json!({"role": "wizard", "content": "x"}),
            json!({"role": "user"}),
            json!({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}),
            json!({"role": "assistant", "tool_calls": [{"id": "1"}]}),
        ] {
            let error = messages(vec![json!({"role": "user", "content": "x"}), wrong.clone()]).unwrap_err();
            assert!(error.message.starts_with("'messages[1]'"), "{wrong}: {error:?}");
        }
    }
}
