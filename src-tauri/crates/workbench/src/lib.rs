//! A client of Cloudera AI workbenches, over version 2 of their API, and the check of one.
//!
//! - [`Address`], [`ApiKey`], [`Settings`]: where a workbench is, and who asks.
//! - [`Workbench`]: its project with files, jobs and their runs, models with builds and deployments; runtimes, labels of
//!   GPUs and quotas; the registry of models.
//! - [`Workbench::check`]: what is there, and what speaks against a run there.
//! - [`Workbench::send_parcel`], [`Workbench::follow`], [`Workbench::fetch_folder`]: the folders of runs, to there and back.
//! - [`Workbench::start_worker`], [`Workbench::look_at_workers`], [`Workbench::stop_worker`]: workers of runs as job runs.
//! - [`Workbench::of_target`], [`Workbench::check_target`]: a workbench as a compute target.
//! - [`Workbench::make_endpoint`], [`Workbench::ask_endpoint`]: models with adapters that the workbench serves.
//! - [`Workbench::register_adapter`]: models with adapters, registered by jobs there.
//! - [`Failure`]: what is in the way, for programs ([`Fault`]) and for people.
//!
//! How the API is used:
//!
//! - Lists are fetched to their end. Filters match parts of names, so names are compared here again.
//! - What may be repeated is, with growing waits that have a random part, or those that the workbench asks for: every
//!   read, delete and stop; what makes something only where the workbench said that it did nothing, or after it was
//!   looked for: [`Workbench::make_job`], [`Workbench::start_run`] and their like make one thing however many answers
//!   are lost.
//! - Answers are read leniently: keys may be missing or unknown, numbers may be texts, states may be new words.
//! - An upload deletes what is in its place, sends, and lists the folder; a download is compared with the listed size.
//! - Redirects are not followed: the key goes to the address that a person wrote, and nowhere else. Proxies and
//!   authorities of the system hold, and those of a file beside them.
//!
//! An error with the code `Unreachable` says that nothing is known of what runs there. Every other error is an answer
//! from there, or about this machine.
//!
//! May use: `schema`; `platform` for files and the keyring; `python` for what an interpreter has to have; `compute` for
//! the findings of a check, and for what is started and how it stands.

mod adapter_files;
mod address;
mod check;
mod client;
mod endpoint;
mod experiments;
mod failure;
mod fetch;
mod files;
mod job_runs;
mod jobs;
mod key;
mod launch;
mod list;
mod making;
mod models;
mod pieces;
mod projects;
mod registration;
mod registry;
mod runtimes;
mod send;
mod shapes;
mod target;

pub use address::Address;
pub use check::{Profile, WorkbenchCheck};
pub use client::{Settings, Times, Workbench};
pub use endpoint::{EndpointParts, EndpointRequest, EndpointStep};
pub use experiments::{ExperimentRun, LoggedData, LoggedModel};
pub use failure::{Failure, Fault, Result};
pub use files::FileThere;
pub use job_runs::{JobRun, MARK, RunState};
pub use jobs::{Job, JobRequest, Made};
pub use key::ApiKey;
pub use launch::RunResources;
pub use models::{Build, BuildRequest, Deployment, DeploymentRequest, Model, ModelRequest, Progress};
pub use pieces::Pieces;
pub use projects::{Amounts, KeyOwner, Permissions, Project, QuotaUser, UserQuota};
pub use registration::{RegisteredThere, RegistrationRequest};
pub use registry::{MlflowRun, ModelVersion, RegisteredModel, Tag, VersionMetadata, VersionRequest};
pub use runtimes::{GpuLabel, Runtime, RuntimeAddon};
pub use target::{set_key, with_plain_address};
