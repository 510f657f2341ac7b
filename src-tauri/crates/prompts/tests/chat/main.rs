//! Chat templates: what they render, where their turns lie, and that no template can do harm.

#![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

mod conversations;
mod expressions;
mod hostile;
mod laws;
mod spans;
