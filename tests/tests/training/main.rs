//! Stories in the real Python environment.

mod arguments;
mod environment;
mod hub;
mod learning;
mod methods;
mod recipe;
mod resuming;
mod templates;
#[cfg(feature = "window")]
mod window;
mod world;
