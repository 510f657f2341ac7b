//! Python: what runs are started with.

use std::path::Path;

use platform::Work;
use python::{Accelerator, EnvironmentProgress, EnvironmentReport, Interpreter, Recipe};
use schema::{Error, ErrorCode, Result};

use crate::Studio;

/// The Python environment that the program makes for itself.
#[derive(Debug, Clone, Copy)]
pub struct Environment<'a>(pub(crate) &'a Studio);

impl Environment<'_> {
    /// Makes the program's own environment, or goes on with one that was not finished. One that
    /// is complete stays as it is.
    pub async fn create(&self, work: &Work<EnvironmentProgress>) -> Result<Interpreter> {
        self.0.python.create_environment(&Recipe::default(), work).await
    }

    /// Removes the program's own environment, unless a run is going that may need it.
    pub async fn remove(&self) -> Result<()> {
        if let Some(run) = self.0.store.live_runs().await?.iter().find(|run| run.state.is_active()) {
            let message = format!("The run '{}' is going and may need the environment.", run.name);
            return Err(Error::new(ErrorCode::InUse, message).hint("Wait for its end, or stop it first."));
        }
        self.0.python.remove_environment().await
    }
}
