//! Where the workers of runs work.

mod executor;
mod local;

pub(crate) use executor::{Executor, WorkerState};
pub(crate) use local::LocalExecutor;
