//! Stories in the real Python environment.

mod arguments;
mod environment;
mod learning;
mod methods;
mod recipe;
mod resuming;
#[cfg(feature = "window")]
mod window;
mod world;
