//! A target as the place where its workers work, and what its silence means.

use std::{sync::Arc, time::Duration};

use compute::{Target, TargetKind};
use platform::Keyring;
use run_folder::elsewhere::Phase;
use schema::{Error, ErrorCode};

use super::{machine::Machine, place::Place, workbench_project::WorkbenchProject};

/// How long to wait before a request is repeated that got no answer. The place has longer pauses of its own.
pub(super) const AGAIN: Duration = Duration::from_millis(250);

/// The line to a target. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) target: Target,
    pub(super) place: Arc<dyn Place>,
}

impl Line {
    /// The line to a target. `keyring` has the keys of workbenches.
    pub(super) fn new(target: Target, keyring: &Keyring) -> Self {
        let place: Arc<dyn Place> = match target.settings.kind {
            TargetKind::Ssh | TargetKind::Slurm => Arc::new(Machine::new(&target)),
            TargetKind::Cloudera => Arc::new(WorkbenchProject::new(&target.settings, keyring)),
        };
        Self { target, place }
    }

    /// Whether an error is no answer, so that what was asked is asked again. Before anything of a run is there,
    /// what a person has to put right is an answer.
    pub(super) fn is_silence(&self, error: &Error, phase: Phase) -> bool {
        let is_final = phase == Phase::Sending && self.place.needs_a_person();
        error.code == ErrorCode::Unreachable && !is_final
    }
}
