//! A worker on a target that is asked over its standard streams.

use std::path::{Path, PathBuf};

use compute::{AttachedWorker, Attachment, Connection, Parcel, Target};
use hub::Hub;
use platform::Work;
use python::Python;
use run_folder::spec::Source;
use schema::Result;

use super::{
    launch::MODULE,
    line::Line,
    shipment::{MODELS, WORKERS, fetch_there, is_folder},
    variables::WorkerVariables,
};

/// Starts a worker on a target that is asked over its standard streams, and ends with them.
#[derive(Debug)]
pub struct AttachedExecutor {
    line: Line,
    python: Python,
    hub: Hub,
}

impl AttachedExecutor {
    pub(crate) fn new(target: Target, python: Python, hub: Hub) -> Self {
        let connection = Connection::new(target.settings.clone());
        Self { line: Line::new(target, connection), python, hub }
    }

    /// The name of the target.
    pub fn target(&self) -> &str {
        &self.line.target.name
    }

    /// Sends the worker's package and every model and adapter that lies in a folder, unless they are there. Returns how
    /// the worker is attached, and the sources where it finds them. Progress is in bytes.
    ///
    /// # Errors
    /// The target is not confirmed or can't be reached, or something can't be read or sent.
    pub async fn attach(&self, sources: &[Source], work: &Work) -> Result<(Attachment, Vec<Source>)> {
        self.line.target.refuse_unconfirmed()?;
        let python = self.line.python_there().await?;
        let variables = WorkerVariables::of_hub(&self.hub).await?;
        let mut parcel = Parcel::new().with_folder(self.python.worker_folder()?, WORKERS);
        let mut sources = sources.to_vec();
        for source in &mut sources {
            fetch_there(source, &self.hub, &self.line.target.settings);
        }
        let mut folders = Vec::<PathBuf>::new();
        for source in sources.iter().filter(|source| is_folder(&source.source)) {
            let path = PathBuf::from(&source.source);
            if !folders.contains(&path) {
                parcel = parcel.with_folder(&path, MODELS);
                folders.push(path);
            }
        }
        let connection = &self.line.connection;
        let sent = connection.send(&parcel, work).await?;
        let there = |source: &Source| {
            let known = folders.iter().position(|folder| Path::new(&source.source) == folder);
            let place = known.and_then(|at| sent.folders.get(at + 1));
            Source { source: place.unwrap_or(&source.source).clone(), ..source.clone() }
        };
        let worker = AttachedWorker {
            python,
            worker: sent.folders.first().cloned().unwrap_or_default(),
            module: [MODULE, "serve"].map(str::to_owned).to_vec(),
            environment: variables.public,
            secrets: variables.secret,
        };
        let attachment = connection.attach(self.line.launcher.as_ref(), &worker).await?;
        Ok((attachment, sources.iter().map(there).collect()))
    }
}
