//! `fts hub fetch` and `fts hub transfers`: fetches from the Hugging Face Hub.

mod control;
mod fetch;
mod wait;

pub(crate) use control::TransfersCommand;
pub(crate) use fetch::Fetch;
pub(crate) use wait::fetched;
