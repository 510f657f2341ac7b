//! A worker on a target that is asked over its standard streams.

use compute::{AttachedWorker, Attachment, Target, TargetKind};
use hub::Hub;
use platform::Work;
use python::Python;
use run_folder::spec::Source;
use schema::{Error, ErrorCode, Result};

use super::{
    launch::MODULE,
    machine::Machine,
    models::{SentFolders, fetch_there},
    place::Place as _,
    variables::WorkerVariables,
};

/// Starts a worker on a target that is asked over its standard streams, and ends with them.
#[derive(Debug)]
pub struct AttachedExecutor {
    target: Target,
    machine: Machine,
    python: Python,
    hub: Hub,
}

impl AttachedExecutor {
    pub(crate) fn new(target: Target, python: Python, hub: Hub) -> Self {
        let machine = Machine::new(&target);
        Self { target, machine, python, hub }
    }

    /// The name of the target.
    pub fn target(&self) -> &str {
        &self.target.name
    }

    /// Sends the worker's package and every model and adapter that lies in a folder, unless they are there. Returns how
    /// the worker is attached, and the sources where it finds them. Progress is in bytes.
    ///
    /// # Errors
    /// The target is not confirmed or can't be reached, or something can't be read or sent.
    pub async fn attach(&self, sources: &[Source], work: &Work) -> Result<(Attachment, Vec<Source>)> {
        self.target.refuse_unconfirmed()?;
        if self.target.settings.kind == TargetKind::Cloudera {
            let message =
                format!("'{}' is a workbench, and no model on one can be asked from here.", self.target());
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint("Deploy it as an endpoint there, or ask it on this machine.")
                .on("target"));
        }
        let python = self.machine.python().await?;
        let variables = WorkerVariables::of_hub(&self.hub).await?;
        let mut sources = sources.to_vec();
        for source in &mut sources {
            fetch_there(source, &self.hub, &self.target.settings);
        }
        let (folders, parcel) = SentFolders::pack(&self.python.worker_folder()?, &sources);
        let connection = &self.machine.connection;
        let sent = connection.send(&parcel, work).await?;
        for source in &mut sources {
            if let Some(there) = folders.place(source, &sent) {
                source.source = there.to_owned();
            }
        }
        let worker = AttachedWorker {
            python,
            worker: SentFolders::worker(&sent),
            module: [MODULE, "serve"].map(str::to_owned).to_vec(),
            environment: variables.public,
            secrets: variables.secret,
        };
        let attachment = connection.attach(self.machine.launcher.as_ref(), &worker).await?;
        Ok((attachment, sources))
    }
}
