//! `POST /v1/completions`.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::Response,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    answer::{Answer, Part},
    shared::{Accepted, Service},
    stream::{Chunks, json_response, streamed, usage_json},
};
use crate::{
    engine::Asked,
    log::Entry,
    openai::{ApiError, CompletionRequest, completion_logprobs},
};

/// What follows a text.
pub(crate) async fn complete(
    State(service): State<Service>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let mut entry = service.log.enter("completions");
    let (request, asked, model) = match prepared(&service, body, &mut entry) {
        Ok(prepared) => prepared,
        Err(error) => return Err(entry.failed(error)),
    };
    let answer = Answer::ask(&service.engine, asked, entry, None)?;
    let form = Form::new(model, request.settings.include_usage);
    if request.settings.stream { streamed(answer, form).await } else { whole(answer, &form).await }
}

fn prepared(
    service: &Service,
    body: Result<Bytes, BytesRejection>,
    entry: &mut Entry,
) -> Result<(CompletionRequest, Asked, String), ApiError> {
    let Accepted { fields, model, context } = service.accept(body, entry)?;
    let request = CompletionRequest::new(fields, context)?;
    let asked = Asked {
        prompt: request.prompt.clone(),
        template: None,
        target: model.target().to_owned(),
        generation: request.settings.generation.clone(),
        stop: request.settings.stop.clone(),
        seed: request.settings.seed,
        penalties: request.settings.penalties,
        logprobs: request.logprobs,
    };
    Ok((request, asked, model.name))
}

/// The whole answer in one object.
async fn whole(answer: Answer, form: &Form) -> Result<Response, ApiError> {
    let answer = answer.whole().await?;
    let logprobs = answer.tokens.map(|tokens| completion_logprobs(&tokens, 0));
    let mut object = form.object(&answer.text, json!(logprobs), Some(answer.finish_reason));
    object["usage"] = usage_json(answer.usage);
    Ok(json_response(&object))
}

/// What the objects of one answer have in common.
struct Form {
    id: String,
    model: String,
    created: i64,
    include_usage: bool,
    /// Characters that were sent.
    sent: usize,
}

impl Form {
    fn new(model: String, include_usage: bool) -> Self {
        let created = jiff::Timestamp::now().as_second();
        Self { id: format!("cmpl-{}", Uuid::new_v4().simple()), model, created, include_usage, sent: 0 }
    }

    fn object(&self, text: &str, logprobs: Value, finish_reason: Option<&str>) -> Value {
        json!({
            "id": self.id, "object": "text_completion", "created": self.created, "model": self.model,
            "choices": [{"index": 0, "text": text, "logprobs": logprobs, "finish_reason": finish_reason}],
        })
    }
}

impl Chunks for Form {
    fn first(&self) -> Option<Value> {
        None
    }

    fn chunks(&mut self, part: Part) -> Vec<Value> {
        match part {
            Part::Text { text, tokens } => {
                let logprobs = tokens.map(|tokens| completion_logprobs(&tokens, self.sent));
                self.sent += text.chars().count();
                vec![self.object(&text, json!(logprobs), None)]
            }
            Part::Calls(_) => Vec::new(),
            Part::End { finish_reason, usage } => {
                let mut chunks = vec![self.object("", Value::Null, Some(finish_reason))];
                if self.include_usage {
                    let mut last = self.object("", Value::Null, None);
                    last["choices"] = json!([]);
                    last["usage"] = usage_json(usage);
                    chunks.push(last);
                }
                chunks
            }
        }
    }
}
