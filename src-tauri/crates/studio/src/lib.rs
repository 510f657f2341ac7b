//! The use cases of Fine Tuning Studio, for every host. [`Studio`] is an open workspace; its methods
//! return the areas.
//!
//! What always holds:
//!
//! - No crate of the core depends on a host.
//! - A resource is declared once; a test compares the declarations with the schema of the migrations.
//! - The seven tables that other programs read do not change. Other tables have names that begin with
//!   `studio_`.
//! - Values of forms and commands are checked. Values that are in the database are kept, valid or not.
//! - Every change is one transaction or one rename. A refused change leaves no trace.
//! - Errors have a sentence for users and a code for programs. Invalid input causes no panic.
//! - Only [`hub`] and [`workbench`] send requests to a network, and [`python`] runs `uv`, which does, to create an
//!   environment. They do so on request, and while a job is planned whose model is not on this machine;
//!   never while the program is set to work offline.
//! - Nothing that a file contains is executed.

mod areas;
mod example_rows;
mod studio;

pub use ::runs::{
    EvaluationPlan, PlannedRows, RunComparison, RunReport, RunSummary, Runs, SettingAcross, TrainingPlan,
};
pub use ::schema::{Error, ErrorCode, FieldProblem, Result};
pub use areas::{
    Archives, CacheUse, Change, Comparison, ConfigCheck, Configs, DatasetSource, Datasets, Environment,
    ExampleRows, Folder, FolderUse, HubCache, HubRecord, HubResult, HubResults, HubRows, LocalRepository,
    Named, Prompts, Relocated, RepositoryName, Rows, RunUse, Snapshots, Targets, TransferUse, Trash,
    Verified, Workbenches, diagnostics, folders,
};
pub use inspect::{AdapterReport, Inspector, ModelReport, WeightsSource};
pub use studio::{Studio, Workspace};
pub use {
    ::archive, ::compute, ::exchange, ::exports, ::runs, ::schema, configs, datasets, estimate, hub,
    platform, playground, prompts, python, resources, serving, snapshot, store, transfers, weights, wire,
    workbench,
};
