//! Starting workers there, by the kind of the target.

mod launcher;
mod process;
pub(crate) mod shell;
mod slurm;

pub(crate) use self::shell::with_setup;
pub use self::{
    launcher::{Condition, Launch, Launcher, RunThere, Started},
    slurm::SlurmLauncher,
};
use crate::target::TargetKind;

/// The launcher for a kind of target.
pub fn launcher(kind: TargetKind) -> Box<dyn Launcher> {
    match kind {
        TargetKind::Ssh | TargetKind::Cloudera => Box::new(process::ProcessLauncher),
        TargetKind::Slurm => Box::new(SlurmLauncher::default()),
    }
}
