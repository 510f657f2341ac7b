//! Stories in the real Python environment.

mod adapting;
mod arguments;
mod elsewhere;
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
