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
        let wanted: bool = fields.take("logprobs")?.unwrap_or(false);
        let alternatives = fields.whole("top_logprobs", 0, MOST_ALTERNATIVES)?;
        if alternatives.is_some() && !wanted {
            let message = "'top_logprobs' needs 'logprobs' to be true.";
            return Err(ApiError::parameter("top_logprobs", message));
        }
        let alternatives = alternatives.and_then(|number| u8::try_from(number).ok()).unwrap_or(0);
        fields.refuse("response_format", &[json!({"type": "text"})])?;
        fields.refuse("modalities", &[json!(["text"])])?;
        for name in ["functions", "function_call"] {
            fields.refuse(name, &[Value::Array(Vec::new())])?;
        }
        fields.finish()?;
        Ok(Self {
            conversation: TrialConversation { messages, tools },
            tool_names,
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
        for choice in [json!("required"), json!({"type": "function", "function": {"name": "find"}})] {
            assert!(read(json!({"tools": tools, "tool_choice": choice})).is_err());
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
        assert!(read(json!({"response_format": {"type": "json_object"}})).is_err());
        assert!(read(json!({"response_format": {"type": "text"}})).is_ok());
    }
}
