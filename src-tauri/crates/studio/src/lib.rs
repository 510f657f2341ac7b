//! The core of Fine Tuning Studio. It knows no window and no command line; they know it.
//!
//! - [`resources`]: THE LIST of what people manage, one file each, declared once.
//! - [`schema`]: the form of those declarations, and what follows from them.
//! - [`store`]: the SQLite file; rows by one generic path; the only place that writes SQL.
//! - [`datasets`]: dataset files, streamed.
//! - [`prompts`]: the template language.
//! - [`configs`]: settings one by one, presets, and how two configurations differ.
//! - [`weights`]: folders with models and adapters, read without loading them.
//! - [`hub`]: the Hugging Face hub and its local cache.
//! - [`python`]: the interpreters on this machine, and how the worker is started in one.
//! - [`jobs`]: jobs that happen on this machine: run folders, queue, workers.
//! - [`log_file`]: the program's own log.
//! - [`settings`]: what a person has set on this machine.
//! - [`snapshot`]: the whole store as a file.
//! - [`Studio`]: all of that, as hosts hold it.
//!
//! What always holds:
//!
//! - Arrows point inward: nothing here depends on a host, and nothing needs WebKit.
//! - A resource is described once; the schema in `migrations/` is history, and a test holds the
//!   two against each other.
//! - The seven tables stay as other programs know them. What is ours alone lives in tables whose
//!   names begin with `studio_`.
//! - Values that come from a form or a command are checked; values that are already in the file
//!   are kept as they are, whatever they are.
//! - Every change is one transaction or one rename. A refused change leaves no trace.
//! - Errors are sentences for a person with a code for programs. There is no panic on bad input.
//!
//! - Nothing needs a network. Only [`hub`] asks one, and [`python`] has `uv` ask one to make an
//!   environment, and only when they are told to.
//!
//! Deliberately absent: any execution of what a file contains.

pub mod configs;
pub mod datasets;
mod disk;
pub mod error;
mod example;
pub mod hub;
pub mod jobs;
pub mod log_file;
mod place;
pub mod prompts;
pub mod python;
pub mod python_json;
pub mod resources;
pub mod schema;
mod secrets;
pub mod settings;
pub mod snapshot;
pub mod store;
mod studio;
pub mod weights;
pub mod work;

pub use error::{Error, ErrorCode, FieldProblem, Result};
pub use studio::{
    AdapterReport, Comparison, ConfigCheck, EvaluationPlan, Folder, FolderUse, HubCache, HubRecord,
    ModelReport, Named, PlannedRows, Relocated, RunComparison, RunReport, RunSummary, SettingAcross, Studio,
    TrainingPlan, Verified, Workspace,
};
