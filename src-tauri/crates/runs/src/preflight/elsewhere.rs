//! The compute target on which a run will work.

use compute::{StackThere, Target, TargetCheck, TargetKind, TargetOptions};
use python::Accelerator;

/// A compute target on which a run will work.
#[derive(Debug, Clone)]
pub(super) struct Elsewhere {
    pub(super) target: Target,
    /// What its last check found; none where it was not checked.
    pub(super) check: Option<TargetCheck>,
}

impl Elsewhere {
    /// What the interpreter there has; none where no check has seen it.
    pub(super) fn stack(&self) -> Option<&StackThere> {
        self.check.as_ref()?.stack.as_ref()
    }

    /// The options of a cluster; none of a machine.
    pub(super) fn cluster(&self) -> Option<&TargetOptions> {
        let settings = &self.target.settings;
        (settings.kind == TargetKind::Slurm).then_some(&settings.options)
    }

    /// What a worker there computes on; none where that is not known. Of a cluster it is not: the nodes on which its
    /// jobs run have other devices than the one that is logged in to.
    pub(super) fn accelerators(&self) -> Option<&[Accelerator]> {
        let stack = self.stack().filter(|_| self.target.settings.kind == TargetKind::Ssh)?;
        Some(&stack.accelerators)
    }
}
