//! The service as its clients see it, on real workspaces.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test stops at the first surprise, and some lints fire only in some modules"
)]

mod client;
mod database;
mod recorded;
mod serving;
mod world;
mod writers;
