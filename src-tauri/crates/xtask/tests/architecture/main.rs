//! What holds of the whole code: arrows between crates, no cycle of files, SQL in one place.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test stops at the first surprise"
)]

mod arrows;
mod columns;
mod cycles;
mod modules;
mod sources;
mod sql;
mod texts;
