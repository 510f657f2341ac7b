//! Archives as a whole: what goes in comes out, what is broken or hostile is refused, and nothing is left of
//! what failed.
#![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

mod hostile;
mod laws;
mod links;
mod stops;
mod world;
