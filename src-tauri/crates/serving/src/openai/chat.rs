//! A request for the next message of a conversation.

use playground::TrialConversation;
use serde_json::{Value, json};

use super::{
    error::ApiError,
    fields::Fields,
    messages::{messages, tools},
    settings::Settings,
};

/// Alternatives of a token that may be asked for.
const MOST_ALTERNATIVES: i64 = 20;

/// A request for the next message of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChatRequest {
    pub(crate) conversation: TrialConversation,
    /// The names of the tools that may be called.
    pub(crate) tool_names: Vec<String>,
    /// Whether an answer may call more than one tool.
    pub(crate) several_calls: bool,
    /// How many alternatives of each token are returned; none for no tokens.
    pub(crate) logprobs: Option<u8>,
    pub(crate) settings: Settings,
}

impl ChatRequest {
    /// Reads a request, except for its model. `context` is the length of the model's context.
    pub(crate) fn new(mut fields: Fields, context: Option<u64>) -> Result<Self, ApiError> {
        let settings = Settings::take(&mut fields, None, context)?;
        let messages = messages(fields.need("messages")?)?;
        let (mut tools, mut tool_names) = tools(fields.take("tools")?.unwrap_or_default())?;
        match fields.take("tool_choice")?.unwrap_or(json!("auto")).as_str() {
            Some("auto") => {}
            Some("none") => (tools, tool_names) = (Vec::new(), Vec::new()),
            _ => {
                let message =
                    "'tool_choice' can be 'auto' or 'none': the model can't be made to call a tool.";
                return Err(ApiError::parameter("tool_choice", message));
            }
        }
        let several_calls = fields.take("parallel_tool_calls")?.unwrap_or(true);
        let wanted: bool = fields.take("logprobs")?.unwrap_or(false);
        let alternatives = fields.whole("top_logprobs", 0, MOST_ALTERNATIVES)?;
        if alternatives.is_some() && !wanted {
            let message = "'top_logprobs' needs 'logprobs' to be true.";
            return Err(ApiError::parameter("top_logprobs", message));
        }
        let alternatives = alternatives.and_then(|number| u8::try_from(number).ok()).unwrap_or(0);
        if fields.take("response_format")?.is_some_and(|format: Value| format != json!({"type": "text"})) {
            let message = "'response_format' can be {\"type\": \"text\"}: the model can't be made to write JSON. Leave \
                it out, ask for JSON in the messages, and check the answer.";
            return Err(ApiError::parameter("response_format", message));
        }
        fields.refuse("modalities", &[json!(["text"])])?;
        for name in ["functions", "function_call"] {
            fields.refuse(name, &[Value::Array(Vec::new())])?;
        }
        fields.finish()?;
        Ok(Self {
            conversation: TrialConversation { messages, tools },
            tool_names,
            several_calls,
            logprobs: wanted.then_some(alternatives),
            settings,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(more: Value) -> Result<ChatRequest, ApiError> {
        let mut request = json!({"messages": [{"role": "user", "content": "x"}]});
        request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        ChatRequest::new(Fields::new(request.to_string().as_bytes())?, Some(99))
    }

    #[test]
    fn tools_are_offered_unless_none_may_be_called() {
        let tools = json!([{"type": "function", "function": {"name": "find", "parameters": {}}}]);
        let offered = read(json!({"tools": tools})).unwrap();
        assert_eq!((offered.conversation.tools.len(), offered.tool_names), (1, vec!["find".to_owned()]));
        let without = read(json!({"tools": tools, "tool_choice": "none"})).unwrap();
        assert_eq!((without.conversation.tools.len(), without.tool_names.len()), (0, 0));
        assert!(offered.several_calls && !read(json!({"parallel_tool_calls": false})).unwrap().several_calls);
    }

    #[test]
    fn an_answer_of_a_form_is_never_promised() {
        let tool = |strict: Value| {
            let other = json!({"type": "function", "function": {"name": "other"}});
            json!([other, {"type": "function", "function": {"name": "find", "parameters": {}, "strict": strict}}])
        };
        let free = tool(Value::Null);
        let named = json!({"type": "function", "function": {"name": "find"}});
        let schema =
            json!({"type": "json_schema", "json_schema": {"name": "x", "schema": {}, "strict": true}});
        for (request, param) in [
            (json!({"response_format": {"type": "json_object"}}), "response_format"),
            (json!({"response_format": schema}), "response_format"),
            (json!({"response_format": "json"}), "response_format"),
            (json!({"tools": free, "tool_choice": "required"}), "tool_choice"),
            (json!({"tools": free, "tool_choice": named}), "tool_choice"),
            (json!({"tools": free, "tool_choice": {"type": "allowed_tools"}}), "tool_choice"),
            (json!({"tools": tool(json!(true))}), "tools[1].function.strict"),
            (json!({"tools": tool(json!("yes"))}), "tools[1].function.strict"),
            (json!({"functions": [{"name": "find"}]}), "functions"),
            (json!({"function_call": "auto"}), "function_call"),
        ] {
            let error = read(request.clone()).unwrap_err().to_json()["error"].clone();
            assert_eq!((&error["param"], &error["type"]), (&json!(param), &json!("invalid_request_error")));
            assert!(error["message"].as_str().unwrap().contains(param), "{request}: {error}");
        }
        for request in [json!({"response_format": {"type": "text"}}), json!({"response_format": null})] {
            assert_eq!(read(request).unwrap(), read(json!({})).unwrap());
        }
        // What does not ask for a form is nothing that the template should write.
        let without = json!([free[0], {"type": "function", "function": {"name": "find", "parameters": {}}}]);
        let without = read(json!({"tools": without})).unwrap();
        for strict in [Value::Null, json!(false)] {
            assert_eq!(read(json!({"tools": tool(strict)})).unwrap(), without);
        }
    }

    #[test]
    fn likelihoods_are_asked_for_as_clients_do() {
        assert_eq!(read(json!({})).unwrap().logprobs, None);
        assert_eq!(read(json!({"logprobs": true})).unwrap().logprobs, Some(0));
        assert_eq!(read(json!({"logprobs": true, "top_logprobs": 20})).unwrap().logprobs, Some(20));
        for wrong in [json!({"top_logprobs": 2}), json!({"logprobs": true, "top_logprobs": 21})] {
            assert!(read(wrong).is_err());
        }
    }
}
