//! Folders of models and adapters as people have them, each with what is said about it.

#![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

mod adapters;
mod chat_templates;
mod classes;
mod folders;
mod laws;
mod models;
mod others;
mod quantized;
mod tokenizers;
