//! `POST /v1/chat/completions`.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::Response,
};
use schema::ErrorCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    answer::{Answer, Part, Usage},
    shared::{Accepted, Service},
    stream::{Chunks, json_response, streamed, usage_json},
};
use crate::{
    calls::{Call, Calls},
    engine::Asked,
    log::Entry,
    openai::{ApiError, ChatRequest, chat_logprobs},
};

/// The next message of a conversation.
pub(crate) async fn complete(
    State(service): State<Service>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let mut entry = service.log.enter("chat/completions");
    let (request, asked, calls, model) = match prepared(&service, body, &mut entry).await {
        Ok(prepared) => prepared,
        Err(error) => return Err(entry.failed(error)),
    };
    let answer = Answer::ask(&service.engine, asked, entry, calls)?;
    let form = Form::new(model, request.settings.include_usage);
    if request.settings.stream { streamed(answer, form).await } else { whole(answer, &form).await }
}

async fn prepared(
    service: &Service,
    body: Result<Bytes, BytesRejection>,
    entry: &mut Entry,
) -> Result<(ChatRequest, Asked, Option<Calls>, String), ApiError> {
    let Accepted { fields, model, context } = service.accept(body, entry)?;
    let request = ChatRequest::new(fields, context)?;
    let rendered = service.engine.render(model.target(), &request.conversation).await;
    let rendered = rendered.map_err(|error| match error.code {
        ErrorCode::NotFound => ApiError::refused(
            &format!("'{}' has no chat template, so it can't answer conversations.", model.name),
            Some("Ask /v1/completions with the exact text that the model reads."),
        ),
        ErrorCode::Internal => ApiError::failed(&error),
        _ => ApiError::refused(&error.message, None),
    })?;
    if !request.tool_names.is_empty() && !rendered.template.contains("tools") {
        let message = format!("The chat template of '{}' has no place for tools.", model.name);
        return Err(ApiError::parameter("tools", message));
    }
    let most = if request.several_calls { usize::MAX } else { 1 };
    let calls = (!request.tool_names.is_empty())
        .then(|| Calls::new(&rendered.template, request.tool_names.clone(), most));
    let asked = Asked {
        prompt: rendered.prompt,
        template: Some(rendered.template),
        target: model.target().to_owned(),
        generation: request.settings.generation.clone(),
        stop: request.settings.stop.clone(),
        seed: request.settings.seed,
        penalties: request.settings.penalties,
        logprobs: request.logprobs,
    };
    Ok((request, asked, calls, model.name))
}

/// The whole answer in one object.
async fn whole(answer: Answer, form: &Form) -> Result<Response, ApiError> {
    let answer = answer.whole().await?;
    let mut message = json!({"role": "assistant", "content": answer.text, "refusal": null});
    if !answer.calls.is_empty() {
        if answer.text.trim().is_empty() {
            message["content"] = Value::Null;
        }
        message["tool_calls"] = answer.calls.iter().map(call_json).collect();
    }
    let choice = json!({
        "index": 0, "message": message, "finish_reason": answer.finish_reason,
        "logprobs": answer.tokens.map(|tokens| chat_logprobs(&tokens)),
    });
    let mut object = form.object("chat.completion", json!([choice]));
    object["usage"] = usage_json(answer.usage);
    Ok(json_response(&object))
}

fn call_json(call: &Call) -> Value {
    json!({
        "id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments},
    })
}

/// What the objects of one answer have in common.
struct Form {
    id: String,
    model: String,
    created: i64,
    include_usage: bool,
}

impl Form {
    fn new(model: String, include_usage: bool) -> Self {
        let created = jiff::Timestamp::now().as_second();
        Self { id: format!("chatcmpl-{}", Uuid::new_v4().simple()), model, created, include_usage }
    }

    fn object(&self, kind: &str, choices: Value) -> Value {
        json!({
            "id": self.id, "object": kind, "created": self.created, "model": self.model, "choices": choices,
        })
    }

    fn chunk(&self, choices: Value) -> Value {
        let mut chunk = self.object("chat.completion.chunk", choices);
        if self.include_usage {
            chunk["usage"] = Value::Null;
        }
        chunk
    }

    fn delta(&self, delta: Value, logprobs: Value, finish_reason: Option<&str>) -> Value {
        self.chunk(json!([
            {"index": 0, "delta": delta, "logprobs": logprobs, "finish_reason": finish_reason},
        ]))
    }

    fn end(&self, finish_reason: &str, usage: Usage) -> Vec<Value> {
        let mut chunks = vec![self.delta(json!({}), Value::Null, Some(finish_reason))];
        if self.include_usage {
            let mut last = self.chunk(json!([]));
            last["usage"] = usage_json(usage);
            chunks.push(last);
        }
        chunks
    }
}

impl Chunks for Form {
    fn first(&self) -> Option<Value> {
        Some(self.delta(json!({"role": "assistant", "content": ""}), Value::Null, None))
    }

    fn chunks(&mut self, part: Part) -> Vec<Value> {
        match part {
            Part::Text { text, tokens } => {
                let logprobs = tokens.map_or(Value::Null, |tokens| chat_logprobs(&tokens));
                vec![self.delta(json!({"content": text}), logprobs, None)]
            }
            Part::Calls(calls) => {
                let numbered = calls.iter().enumerate().map(|(index, call)| {
                    let mut call = call_json(call);
                    call["index"] = index.into();
                    call
                });
                let calls: Vec<Value> = numbered.collect();
                vec![self.delta(json!({"tool_calls": calls}), Value::Null, None)]
            }
            Part::End { finish_reason, usage } => self.end(finish_reason, usage),
        }
    }
}
