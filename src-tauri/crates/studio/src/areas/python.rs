//! The Python environments of the program and the runs that need it.

use estimate::TrainingMemory;
use python::EnvironmentKind;
use schema::{Error, ErrorCode, Result};

use crate::Studio;

/// The program's own Python environments.
#[derive(Debug, Clone, Copy)]
pub struct Environment<'a>(pub(crate) &'a Studio);

impl Environment<'_> {
    /// Removes one of the program's own environments, unless an active run may need it.
    ///
    /// # Errors
    /// A run is active, the folder contains something else, or it can't be removed.
    pub async fn remove(&self, kind: EnvironmentKind) -> Result<()> {
        if let Some(run) = self.0.store.live_runs().await?.iter().find(|run| run.state.is_active()) {
            let message = format!("The run '{}' is active and may need the environment.", run.name);
            return Err(Error::new(ErrorCode::InUse, message).hint("Wait for its end, or stop it first."));
        }
        self.0.python.remove_environment(kind).await
    }

    /// The memory that trainings on this machine have. The first answer takes as long as PyTorch takes to be
    /// loaded. Without a Python environment nothing is known of accelerators, and the processor counts.
    pub async fn training_memory(&self) -> TrainingMemory {
        let found = self.0.python.worker_accelerators(EnvironmentKind::Training).await;
        TrainingMemory::new(found.unwrap_or_default().first())
    }
}
