//! The folder of a run: everything about the run on disk, and the protocol between core and worker.
//! `worker/README.md` describes the files for the worker's side.
//!
//! - [`folder`]: the places of the files.
//! - [`spec`], [`mod@export`]: the frozen job.
//! - [`elsewhere`]: how far a run on a compute target is.
//! - [`rows`]: the rows of a run, selected and rendered.
//! - [`events`], [`progress`], [`log`], [`results`]: what workers write, read.
//!
//! May use: `schema`, `platform`, `resources`, `datasets`, `prompts`, `python`, `compute`.

mod address;
pub mod elsewhere;
mod events;
pub mod export;
pub mod folder;
pub mod log;
mod measured;
mod pace;
pub mod progress;
pub mod results;
pub mod rows;
mod source;
pub mod spec;

pub use address::is_of_this_machine;
pub use events::{EndStatus, end_half_line};
