//! Python: what runs are started with.

use std::path::Path;

use super::Studio;
use crate::{
    error::Result,
    python::{Accelerator, Interpreter, Variables, WorkerCommand},
};

impl Studio {
    /// The interpreter that runs are started with. The error says what is missing and what to do.
    pub async fn working_python(&self) -> Result<Interpreter> {
        self.python.working().await
    }

    /// How the worker is started. The error says what is missing and what to do.
    #[expect(dead_code, reason = "starting runs comes next")]
    pub(crate) async fn worker(&self) -> Result<WorkerCommand> {
        self.python.worker().await
    }

    /// What to add to the environment of a worker. A token may be among it.
    #[expect(dead_code, reason = "starting runs comes next")]
    pub(crate) async fn worker_environment(&self) -> Result<Variables> {
        self.hub.worker_environment().await
    }

    /// What the worker finds to compute on beside the processor. The first answer takes seconds.
    #[expect(dead_code, reason = "starting runs comes next")]
    pub(crate) async fn worker_accelerators(&self) -> Result<Vec<Accelerator>> {
        self.python.worker_accelerators().await
    }

    /// What an interpreter finds to compute on beside the processor. The first answer takes
    /// seconds.
    pub async fn accelerators(&self, python: &Path) -> Result<Vec<Accelerator>> {
        self.python.accelerators(python).await
    }
}
