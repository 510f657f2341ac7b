//! Compute targets: other machines on which runs work, reached by SSH, clusters with Slurm, and the settings of
//! workbenches, whose client is another crate.
//!
//! - [`Target`]: what a person says about one, with the rules of its settings.
//! - [`Connection`]: one channel to the target, opened when it is needed and again after a cut. Everything that
//!   happens there goes through it: [`Probe`], files ([`Parcel`]), commands, and what is [followed](Follower).
//! - [`Launcher`]: starts workers there and looks after them, by the kind of the target.
//! - [`EnvironmentThere`]: the Python environment that the studio makes there.
//! - [`TargetCheck`]: what is there, and what speaks against a run there.
//!
//! Paths there are relative to the target's folder, with `/` between their parts. Nothing outside of that folder is
//! written or removed.
//!
//! An error with the code `Unreachable` says that there was no answer: what runs there may go on. Every other error is
//! an answer from there.
//!
//! May use: `schema`, `platform`; `python` for what an interpreter has to have and an environment is made from.

mod attached;
mod channel;
mod check;
mod connection;
mod content;
mod environment;
mod failure;
mod fetch;
mod follow;
mod frame;
mod host_key;
mod launch;
mod output;
mod packed;
mod parcel;
mod probe;
mod program;
mod send;
mod settings_rules;
mod ssh;
mod state;
mod target;
mod window;
mod workbench_rules;
mod workers;

pub use attached::{AttachedWorker, Attachment};
pub use check::{
    CheckFinding, FindingLevel, LastCheck, SlurmFacts, SlurmPartition, StackThere, TargetCheck,
    WorkbenchChoice, WorkbenchFacts,
};
pub use connection::{Connection, remembered_hashes};
pub use environment::{CREATE_THERE, EnvironmentThere, EnvironmentThereState};
pub use failure::Fault;
pub use fetch::{name_within, put_in_place, staging};
pub use follow::{Followed, Follower};
pub use host_key::HostKey;
pub use launch::{Condition, Launch, Launcher, RunThere, SlurmLauncher, Started, launcher};
pub use output::{Environment, Output};
pub use packed::{Packed, PackedFolder, Piece};
pub use parcel::{Parcel, Sent};
pub use probe::{GpuThere, Probe, PythonThere};
pub use settings_rules::{CONFIRM_TARGET, TargetCommand, is_same_name, target_name};
pub use state::ConnectionState;
pub use target::{HubModels, Keep, Target, TargetKind, TargetOptions, TargetSettings};
pub use workbench_rules::ResourceProfile;
pub use workers::{Handle, Look};
