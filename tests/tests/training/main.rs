//! Stories in the real Python environment.

mod arguments;
mod environment;
mod hub;
mod learning;
mod methods;
mod recipe;
mod resuming;
mod templates;
mod together;
#[cfg(feature = "window")]
mod window;
mod world;
