//! Python: what runs are started with.

use std::path::Path;

use platform::Work;
use python::{Accelerator, EnvironmentProgress, EnvironmentReport, Interpreter, Recipe};
use schema::{Error, ErrorCode, Result};

use crate::Studio;

impl Studio {
    /// The interpreter that runs are started with. The error says what is missing and what to do.
    pub async fn working_python(&self) -> Result<Interpreter> {
        self.python.working().await
    }

    /// What an interpreter finds to compute on beside the processor. The first answer takes
    /// seconds.
    pub async fn accelerators(&self, python: &Path) -> Result<Vec<Accelerator>> {
        self.python.accelerators(python).await
    }

    /// Which Python there is on this machine, and which runs are started with.
    pub async fn environment_report(&self) -> Result<EnvironmentReport> {
        self.python.report().await
    }

    /// Makes the program's own environment, or goes on with one that was not finished. One that
    /// is complete stays as it is.
    pub async fn create_environment(&self, work: &Work<EnvironmentProgress>) -> Result<Interpreter> {
        self.python.create_environment(&Recipe::default(), work).await
    }

    /// Removes the program's own environment, unless a run is going that may need it.
    pub async fn remove_environment(&self) -> Result<()> {
        if let Some(run) = self.store.live_runs().await?.iter().find(|run| run.state.is_active()) {
            let message = format!("The run '{}' is going and may need the environment.", run.name);
            return Err(Error::new(ErrorCode::InUse, message).hint("Wait for its end, or stop it first."));
        }
        self.python.remove_environment().await
    }

    /// Chooses an interpreter, by its path or that of its environment; `None` leaves the choice
    /// to the program.
    pub async fn choose_python(&self, python: Option<&str>) -> Result<()> {
        self.python.choose(python).await
    }
}
