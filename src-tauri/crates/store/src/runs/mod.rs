//! Runs: their rows, and the only statements that change a run's state.

mod export;
mod jobs;
mod made;
mod progress;
mod queue;
mod run;
mod stored;
mod success;

pub(crate) use export::export_links;
pub use export::{EndedExport, Registration, StoredExport};
pub(crate) use jobs::{ended_without_adapter, refuse_live};
pub(crate) use queue::add_run;
pub use run::{QueueRule, Run, RunKind, RunState};
pub(crate) use stored::{LIVE, select};
