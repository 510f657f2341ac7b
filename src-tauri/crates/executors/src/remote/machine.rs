//! Machines and clusters, which are reached by one connection.

use std::{collections::BTreeMap, path::Path, time::Duration};

use compute::{
    Condition, Connection, ConnectionState, Environment, Fault, Launch, Launcher, Parcel, RunThere, Sent,
    Started, Target, TargetKind, launcher,
};
use jiff::Timestamp;
use platform::Work;
use python::{EnvironmentKind, Recipe};
use schema::{Error, ErrorCode, Result};

use super::{
    gpus,
    place::{Follow, Place},
};

/// A target that sent no sign of life for so long is said to be silent. It sends one each second.
const SILENT: Duration = Duration::from_secs(10);
/// How long processes may take to end after the worker's last event.
const REMAINS: Duration = Duration::from_secs(5);
/// Ends an incomplete line.
const END_HALF_LINE: &str = "\
import os, sys
if os.path.exists(sys.argv[1]):
    with open(sys.argv[1], 'r+b') as file:
        if file.seek(0, 2):
            file.seek(-1, 2)
            if file.read() != b'\\n':
                file.write(b'\\n')
";

/// A machine that is reached by SSH, or a cluster by its login node.
#[derive(Debug)]
pub(super) struct Machine {
    target: Target,
    pub(super) connection: Connection,
    pub(super) launcher: Box<dyn Launcher>,
}

impl Machine {
    pub(super) fn new(target: &Target) -> Self {
        let (target, settings) = (target.clone(), target.settings.clone());
        let launcher = launcher(settings.kind);
        Self { target, connection: Connection::new(settings), launcher }
    }
}

#[async_trait::async_trait]
impl Place for Machine {
    /// That of the target, else that of the environment that the studio made.
    async fn python(&self) -> Result<String> {
        if let Some(named) = &self.target.settings.python {
            return Ok(named.clone());
        }
        let environment = self.connection.environment(&Recipe::new(EnvironmentKind::Training)).await?;
        environment.refuse_unmade(&self.target.name)?;
        Ok(environment.python())
    }

    async fn send(&self, parcel: &Parcel, work: &Work) -> Result<Sent> {
        self.connection.send(parcel, work).await
    }

    async fn device_variables(&self, wanted: u32) -> Result<Vec<(String, String)>> {
        if self.target.settings.kind != TargetKind::Ssh {
            return Ok(Vec::new());
        }
        let listed = self.connection.run(&gpus::LIST, None, Environment::Own).await?;
        Ok(gpus::variables(&listed.stdout, wanted))
    }

    async fn end_half_line(&self, file: &str) -> Result<()> {
        let command = ["python3", "-c", END_HALF_LINE, file];
        let output = self.connection.run(&command, None, Environment::Own).await?;
        if output.code == 0 {
            return Ok(());
        }
        let message = format!("The events of the run could not be prepared there: {}", output.stderr.trim());
        Err(Error::new(ErrorCode::File, message))
    }

    async fn start(&self, launch: &Launch) -> Result<Started> {
        self.launcher.start(&self.connection, launch).await
    }

    async fn look(&self, runs: &[RunThere<'_>]) -> Result<Vec<Condition>> {
        self.launcher.look(&self.connection, runs).await
    }

    async fn stop(&self, run: RunThere<'_>, force: bool) -> Result<()> {
        self.launcher.stop(&self.connection, run, force).await
    }

    async fn follow(&self, folder: &str, files: &[(&str, u64)]) -> Result<Box<dyn Follow>> {
        Ok(Box::new(self.connection.follow(folder, files).await?))
    }

    async fn sizes(&self, folder: &str) -> Result<Option<BTreeMap<String, u64>>> {
        let looks = self.connection.look(&[folder]).await?;
        Ok(looks.into_iter().next().filter(|look| look.there).map(|look| look.sizes))
    }

    async fn size(&self, path: &str) -> Result<Option<u64>> {
        self.connection.size(path).await
    }

    async fn fetch(&self, path: &str, to: &Path, work: &Work) -> Result<()> {
        self.connection.fetch(path, to, work).await
    }

    async fn remove(&self, path: &str) -> Result<()> {
        self.connection.remove(path).await
    }

    async fn mark(&self, folder: &str, name: &str, text: &str) -> Result<()> {
        self.connection.write(&format!("{folder}/{name}"), text.as_bytes()).await
    }

    async fn sweep(&self, below: &str, name: &str, text: &str, age: Duration) -> Result<Vec<String>> {
        self.connection.sweep(below, name, text, age).await
    }

    /// From what the open channel last received.
    fn silence(&self) -> Option<(String, String)> {
        match self.connection.state() {
            ConnectionState::Idle => None,
            ConnectionState::Unreachable { since, why, .. } => Some((since.to_string(), why)),
            ConnectionState::Connected { beat, .. } => {
                let silent = Duration::try_from(Timestamp::now().duration_since(beat)).unwrap_or_default();
                (silent > SILENT).then(|| (beat.to_string(), "It gives no sign of life.".to_owned()))
            }
        }
    }

    fn remains(&self) -> Duration {
        REMAINS
    }

    fn needs_a_person(&self) -> bool {
        match self.connection.state() {
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
        }
    }
}
