//! Stories in the real Python environment.

mod arguments;
#[cfg(feature = "axolotl")]
mod axolotl;
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
