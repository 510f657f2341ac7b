//! The log-probabilities of tokens, as chats and as completions have them.

use playground::{LikelyToken, TokenLikelihood};
use serde_json::{Map, Value, json};

/// Those of a piece of a chat's answer.
pub(crate) fn chat_logprobs(tokens: &[LikelyToken]) -> Value {
    let content = tokens.iter().map(|one| {
        let mut entry = json!(one.token);
        entry["top_logprobs"] = json!(one.top);
        entry
    });
    json!({"content": content.collect::<Vec<_>>(), "refusal": null})
}

/// Those of a piece of a completion, which begins at that offset in characters.
pub(crate) fn completion_logprobs(tokens: &[LikelyToken], offset: usize) -> Value {
    let mut offsets = Vec::new();
    let mut next = offset;
    for one in tokens {
        offsets.push(next);
        next += one.token.token.chars().count();
    }
    let top = |one: &LikelyToken| -> Map<String, Value> {
        one.top.iter().map(|TokenLikelihood { token, logprob, .. }| (token.clone(), json!(logprob))).collect()
    };
    json!({
        "tokens": tokens.iter().map(|one| &one.token.token).collect::<Vec<_>>(),
        "token_logprobs": tokens.iter().map(|one| one.token.logprob).collect::<Vec<_>>(),
        "top_logprobs": tokens.iter().map(top).collect::<Vec<_>>(),
        "text_offset": offsets,
    })
}
