//! The client against a workbench that plays the API from its contract, and that checks each call by it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod check;
mod connection;
mod endpoint;
mod faults;
mod files;
mod folders;
mod jobs;
mod launch;
mod lists;
mod models;
mod registration;
mod world;
