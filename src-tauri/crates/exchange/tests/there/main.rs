//! Studios that go between a store and a workbench that plays the API from its contract.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod pull;
mod push;
mod registry;
mod world;
