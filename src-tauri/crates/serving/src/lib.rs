//! Models and adapters served to other programs by an OpenAI-compatible endpoint.
//!
//! - [`request`], [`names`], [`key`]: what is served, under which names, and the key that asks for it.
//! - [`engine`]: the loaded model, which answers one question after another.
//! - [`openai`]: requests and answers as OpenAI's API has them; [`calls`]: calls of tools in answers.
//! - [`http`]: the routes.
//! - [`engines`]: the commands of other programs that serve the same.
//! - [`log`]: the requests and what became of them.
//! - [`serving`], [`endpoint`]: starting, watching and stopping it.
//!
//! What a request asks for is done or refused, never left out in silence. The worker chooses tokens freely, so no form of
//! an answer can be promised. Refused with status 400 and the field in `param` are:
//!
//! - `response_format` other than `{"type": "text"}`;
//! - `tool_choice` other than `auto` and `none`;
//! - `strict` of a tool's function, since calls need not follow its schema;
//! - `functions`, `function_call`, `n` above 1, `logit_bias`, other `modalities` than text, and any field that is not
//!   known here.
//!
//! `parallel_tool_calls: false` gives the first call of an answer alone.
//!
//! May use: `schema`, `platform`, `store`, `inspect`, `run_folder`, `playground`.

mod calls;
mod endpoint;
mod engine;
mod engines;
mod http;
mod key;
mod log;
mod names;
mod openai;
mod request;
mod serving;

pub use endpoint::{Endpoint, EndpointChanges, EndpointState};
pub use engines::EngineCommand;
pub use key::Key;
pub use log::{RequestState, ServedRequest};
pub use names::ServedModel;
pub use request::{Quantization, ServeRequest};
pub use serving::{Serving, Started};
