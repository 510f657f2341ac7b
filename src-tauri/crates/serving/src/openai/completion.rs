//! A request for what follows a text.

use serde_json::{Value, json};

use super::{error::ApiError, fields::Fields, settings::Settings};

/// Tokens of an answer that names no limit, as OpenAI's API has it.
const TOKENS: u64 = 16;
/// Alternatives of a token that may be asked for.
const MOST_ALTERNATIVES: i64 = 5;

/// A request for what follows a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CompletionRequest {
    pub(crate) prompt: String,
    /// How many alternatives of each token are returned; none for no tokens.
    pub(crate) logprobs: Option<u8>,
    pub(crate) settings: Settings,
}

impl CompletionRequest {
    /// Reads a request, except for its model. `context` is the length of the model's context.
    pub(crate) fn new(mut fields: Fields, context: Option<u64>) -> Result<Self, ApiError> {
        let settings = Settings::take(&mut fields, Some(TOKENS), context)?;
        let given: Value = fields.need("prompt")?;
        let one = match given.as_array().map(Vec::as_slice) {
            Some([one]) => one.as_str(),
            _ => given.as_str(),
        };
        let Some(prompt) = one.filter(|prompt| !prompt.is_empty()).map(str::to_owned) else {
            return Err(ApiError::parameter("prompt", "'prompt' must be one text that is not empty."));
        };
        let logprobs = fields.whole("logprobs", 0, MOST_ALTERNATIVES)?;
        fields.refuse("echo", &[json!(false)])?;
        fields.refuse("suffix", &[json!("")])?;
        fields.finish()?;
        Ok(Self { prompt, logprobs: logprobs.and_then(|number| u8::try_from(number).ok()), settings })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(request: &Value) -> Result<CompletionRequest, ApiError> {
        CompletionRequest::new(Fields::new(request.to_string().as_bytes())?, Some(99))
    }

    #[test]
    fn one_text_is_completed() {
        for prompt in [json!("x"), json!(["x"])] {
            let request = read(&json!({"prompt": prompt, "logprobs": 2, "echo": false})).unwrap();
            assert_eq!((request.prompt.as_str(), request.logprobs), ("x", Some(2)));
            assert_eq!(request.settings.generation["max_new_tokens"], 16);
        }
        for prompt in [json!(["x", "y"]), json!([1, 2]), json!([[1]]), json!([]), json!(""), json!(null)] {
            assert_eq!(read(&json!({"prompt": prompt})).unwrap_err().status, 400, "{prompt}");
        }
        assert!(read(&json!({"prompt": "x", "echo": true})).is_err());
    }
}
