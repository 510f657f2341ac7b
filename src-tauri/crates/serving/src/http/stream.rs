//! Answers as JSON, and as server-sent events.

use std::convert::Infallible;

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response, Sse, sse::Event},
};
use futures_util::{Stream, stream};
use serde_json::{Value, json};

use super::answer::{Answer, Part, Usage};
use crate::openai::ApiError;

/// What ends a stream.
const DONE: &str = "[DONE]";

/// A value as the body of a response.
pub(crate) fn json_response(value: &Value) -> Response {
    let mut response = Body::from(value.to_string()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Tokens as clients expect them.
pub(crate) fn usage_json(usage: Usage) -> Value {
    json!({
        "prompt_tokens": usage.input, "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
    })
}

/// Turns the parts of an answer into the objects of a stream.
pub(crate) trait Chunks: Send + 'static {
    /// The object that comes first, if one does.
    fn first(&self) -> Option<Value>;
    /// The objects for a part.
    fn chunks(&mut self, part: Part) -> Vec<Value>;
}

/// The answer as server-sent events. An error before its first part becomes the response itself.
pub(crate) async fn streamed(mut answer: Answer, mut chunks: impl Chunks) -> Result<Response, ApiError> {
    let first = answer.next().await?;
    let ended = matches!(first, Part::End { .. });
    let mut waiting: Vec<String> = chunks.first().iter().map(Value::to_string).collect();
    waiting.extend(chunks.chunks(first).iter().map(Value::to_string));
    if ended {
        waiting.push(DONE.to_owned());
    }
    Ok(Sse::new(events(answer, chunks, waiting, ended)).into_response())
}

fn events(
    answer: Answer,
    chunks: impl Chunks,
    waiting: Vec<String>,
    ended: bool,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let state = (answer, chunks, waiting.into_iter(), ended);
    stream::unfold(state, |(mut answer, mut chunks, mut waiting, mut ended)| async move {
        loop {
            if let Some(data) = waiting.next() {
                return Some((Ok(Event::default().data(data)), (answer, chunks, waiting, ended)));
            }
            if ended {
                return None;
            }
            let mut next = match answer.next().await {
                Ok(part) => {
                    ended = matches!(part, Part::End { .. });
                    chunks.chunks(part)
                }
                Err(error) => {
                    ended = true;
                    vec![error.to_json()]
                }
            };
            let mut texts: Vec<String> = next.drain(..).map(|value| value.to_string()).collect();
            if ended {
                texts.push(DONE.to_owned());
            }
            waiting = texts.into_iter();
        }
    })
}
