//! Requests and answers as OpenAI's API has them.

mod chat;
mod completion;
mod error;
mod fields;
mod likelihoods;
mod messages;
mod settings;

pub(crate) use chat::ChatRequest;
pub(crate) use completion::CompletionRequest;
pub(crate) use error::ApiError;
pub(crate) use fields::Fields;
pub(crate) use likelihoods::{chat_logprobs, completion_logprobs};
