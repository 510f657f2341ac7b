//! Workers as processes of the target, which outlive the connection.

use schema::Result;

use crate::{
    connection::Connection,
    launch::{Condition, Launch, Launcher, RunThere, Started},
    target::TargetSettings,
};

/// Starts workers as processes.
#[derive(Debug)]
pub(super) struct ProcessLauncher;

#[async_trait::async_trait]
impl Launcher for ProcessLauncher {
    async fn start(&self, connection: &Connection, _launch: &Launch) -> Result<Started> {
        connection.missing()
    }

    async fn look(&self, connection: &Connection, _runs: &[RunThere<'_>]) -> Result<Vec<Condition>> {
        connection.missing()
    }

    async fn stop(&self, connection: &Connection, _run: RunThere<'_>, _force: bool) -> Result<()> {
        connection.missing()
    }

    fn commands(&self, settings: &TargetSettings) -> Vec<String> {
        settings.options.setup.iter().cloned().collect()
    }
}
