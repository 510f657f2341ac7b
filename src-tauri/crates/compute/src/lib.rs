//! Compute targets: other machines on which runs work, reached by SSH, and clusters with Slurm.
//!
//! - [`Target`]: what a person says about one, with the rules of its settings.
//! - [`TargetCheck`]: what is there, and what speaks against a run there.
//!
//! May use: `schema`, `platform`.

mod check;
mod settings_rules;
mod target;

pub use check::{
    CheckFinding, FindingLevel, FoundGpu, FoundPackage, FoundPython, HostKey, LastCheck, SlurmFacts,
    SlurmPartition, TargetCheck,
};
pub use settings_rules::TargetCommand;
pub use target::{Target, TargetKind, TargetOptions, TargetSettings};
