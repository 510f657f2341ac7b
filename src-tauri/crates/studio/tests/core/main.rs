//! The rules of the core, on real databases and real files.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test stops at the first surprise, and some lints fire only in some modules"
)]

mod contract;
mod dataset_files;
mod elsewhere;
mod export;
mod opening;
mod rules;
mod schema;
mod world;
