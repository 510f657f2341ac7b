//! Executors: where the workers of runs work.
//!
//! - [`Executor`]: what every executor does with the worker of a run folder.
//! - [`LocalExecutor`]: workers on this machine.
//! - [`RemoteExecutor`]: workers on a compute target. The run's folder here is a copy of the one there.
//! - [`AttachedExecutor`]: a worker on a compute target that is asked over its standard streams.
//! - [`Executors`]: all of them, by the target of a run.
//!
//! May use: `schema`, `platform`, `hub`, `python`, `compute`, `workbench`, `run_folder`.

mod executor;
mod executors;
mod local;
mod remote;

pub use executor::{Executor, WorkerState};
pub use executors::Executors;
pub use local::LocalExecutor;
pub use remote::{AttachedExecutor, RemoteExecutor};
