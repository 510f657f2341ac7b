//! Executors: where the workers of runs work.
//!
//! - [`Executor`]: what every executor does with the worker of a run folder.
//! - [`LocalExecutor`]: workers on this machine.
//!
//! May use: `schema`, `platform`, `hub`, `python`, `run_folder`.

mod executor;
mod local;

pub use executor::{Executor, WorkerState};
pub use local::LocalExecutor;
