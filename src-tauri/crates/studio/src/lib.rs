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

mod areas;
mod example_rows;
mod studio;

pub use ::runs::{
    EvaluationPlan, PlannedRows, RunComparison, RunReport, RunSummary, Runs, SettingAcross, TrainingPlan,
};
pub use ::schema::{Error, ErrorCode, FieldProblem, Result};
pub use ::schema::{for_each_resource, python_json};
pub use areas::{
    Change, Comparison, ConfigCheck, Configs, DatasetSource, Datasets, Environment, ExampleRows, Folder,
    FolderUse, HubCache, HubRecord, HubRows, Named, Prompts, Relocated, Rows, Snapshots, Trash, Verified,
    folders,
};
pub use inspect::{AdapterReport, Inspector, ModelReport, WeightsSource};
pub use studio::{Studio, Workspace};
pub use {configs, datasets, hub, prompts, python, snapshot, store, weights};

pub use platform::{AtomicFile, FileLock, log_file};

/// Progress and Cancel of long work.
pub mod work {
    pub use platform::{Progress, Work};
}
/// A person's settings on this machine.
pub mod settings {
    pub use platform::{Settings, SettingsFile};
}
/// How resources are described.
pub mod schema {
    pub use ::schema::*;
    pub use wire::{MappedProtobuf, message_descriptor};
}
/// Runs of jobs.
pub mod jobs {
    pub use ::runs::*;
    pub use store::{QueueRule, Run, RunKind, RunState};
}
/// The seven resources.
pub mod resources {
    pub use ::resources::*;
    pub use ::schema::TableName;
}
