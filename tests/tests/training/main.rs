//! Stories in the real Python environment.

mod adapting;
mod arguments;
#[cfg(feature = "axolotl")]
mod axolotl;
mod elsewhere;
mod environment;
mod exports;
mod gguf;
mod hub;
mod learning;
mod methods;
mod over_ssh;
mod publishing;
mod recipe;
mod resuming;
mod serving;
mod templates;
mod together;
#[cfg(feature = "window")]
mod window;
mod world;
