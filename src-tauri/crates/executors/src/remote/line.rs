//! The line to a target, and what its silence means.

use std::{sync::Arc, time::Duration};

use compute::{Connection, ConnectionState, Fault, Launcher, Target, launcher};
use jiff::Timestamp;
use python::{EnvironmentKind, Recipe};
use run_folder::elsewhere::Phase;
use schema::{Error, ErrorCode, Result};

/// How long to wait before a request is repeated that got no answer. The connection has longer pauses of its own.
pub(super) const AGAIN: Duration = Duration::from_millis(250);
/// A target that sent no sign of life for so long is said to be silent. It sends one each second.
const SILENT: Duration = Duration::from_secs(10);

/// The line to a target. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) target: Target,
    pub(super) connection: Connection,
    pub(super) launcher: Arc<dyn Launcher>,
}

impl Line {
    pub(super) fn new(target: Target, connection: Connection) -> Self {
        let launcher = launcher(target.settings.kind).into();
        Self { target, connection, launcher }
    }

    /// The interpreter there: that of the target, else that of the environment that the studio made.
    pub(super) async fn python_there(&self) -> Result<String> {
        let target = &self.target;
        if let Some(named) = &target.settings.python {
            return Ok(named.clone());
        }
        let environment = self.connection.environment(&Recipe::new(EnvironmentKind::Training)).await?;
        environment.refuse_unmade(&target.name)?;
        Ok(environment.python())
    }

    /// Since when there is no sign of life, and why, from what the open channel last received.
    pub(super) fn silence(&self) -> Option<(String, String)> {
        match self.connection.state() {
            ConnectionState::Idle => None,
            ConnectionState::Unreachable { since, why, .. } => Some((since.to_string(), why)),
            ConnectionState::Connected { beat, .. } => {
                let silent = Duration::try_from(Timestamp::now().duration_since(beat)).unwrap_or_default();
                (silent > SILENT).then(|| (beat.to_string(), "It gives no sign of life.".to_owned()))
            }
        }
    }

    /// Whether an error is no answer, so that what was asked is asked again. Before anything of a run is there,
    /// what a person has to put right is an answer.
    pub(super) fn is_silence(&self, error: &Error, phase: Phase) -> bool {
        let needs_a_person = match self.connection.state() {
            ConnectionState::Unreachable { fault, .. } => matches!(
                fault,
                Fault::NoSsh
                    | Fault::Configuration
                    | Fault::UnknownHostKey
                    | Fault::ChangedHostKey
                    | Fault::Denied
                    | Fault::TooManyKeys
                    | Fault::NoPrograms
                    | Fault::NoPython
                    | Fault::OldPython
            ),
            _ => false,
        };
        error.code == ErrorCode::Unreachable && !(needs_a_person && phase == Phase::Sending)
    }
}
