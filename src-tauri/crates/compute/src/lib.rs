//! Compute targets: other machines on which runs work, reached by SSH, and clusters with Slurm.
//!
//! - [`Target`]: what a person says about one.
//!
//! May use: `schema`, `platform`.

mod target;

pub use target::{Target, TargetKind, TargetOptions, TargetSettings};
