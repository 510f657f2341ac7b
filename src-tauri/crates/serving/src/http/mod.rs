//! The routes of the endpoint.

mod answer;
mod chat;
mod completions;
mod guard;
mod models;
mod router;
mod shared;
mod stream;

pub(crate) use router::router;
pub(crate) use shared::{Access, Service};
