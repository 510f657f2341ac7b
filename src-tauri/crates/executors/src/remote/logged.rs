//! What a run there measured, in the MLflow of this machine.

use std::{process::Stdio, time::Duration};

use python::EnvironmentKind;
use run_folder::is_of_this_machine;
use schema::{Error, Result};
use tokio::{process::Command, time::timeout};

use super::{job::Job, mirror::Mirror};

/// How long MLflow may take.
const MOST: Duration = Duration::from_secs(120);

impl Mirror {
    /// Logs to MLflow what the worker could not log, since that is a matter of this machine. A run that can't be
    /// logged is no worse for it.
    pub(super) async fn log_here(&self) {
        if let Err(error) = self.log_to_mlflow().await {
            tracing::warn!("logging '{}' to MLflow: {error}", self.watched.run);
        }
        self.watched.note(|known| known.reason = None);
    }

    async fn log_to_mlflow(&self) -> Result<()> {
        let folder = &self.watched.folder;
        let Job::Run(spec) = Job::read(folder)? else { return Ok(()) };
        let uri = spec.tracking.uri;
        if uri.is_empty() || !is_of_this_machine(&uri) {
            return Ok(());
        }
        if !folder.events().exists() {
            // Its worker did not begin.
            return Ok(());
        }
        let worker = self.python.worker(EnvironmentKind::Training).await?;
        let mut command = worker.command(&["log".as_ref(), folder.path().as_os_str()]);
        command.envs(self.hub.worker_environment().await?);
        self.watched.note(|known| known.reason = Some("Its measurements are logged to MLflow.".to_owned()));
        let mut command = Command::from(command);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let failed = |what: &dyn std::fmt::Display| Error::internal("starting the worker", what);
        let output = timeout(MOST, command.output()).await.map_err(|_| failed(&"it took too long"))?;
        let output = output.map_err(|error| failed(&error))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned();
        Err(failed(&said))
    }
}
