//! What a run needs that is not on this machine when it is started.

use platform::AtomicFile;
use schema::{Error, Result};
use serde::{Deserialize, Serialize};
use transfers::TransferRequest;

use crate::{
    preflight::PlannedFetch,
    request::{EvaluationRequest, TrainingRequest},
};
use run_folder::folder::RunFolder;

/// What is fetched before a run, and the request whose job is frozen again then, with what follows from the files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Needed {
    /// What is fetched.
    pub(crate) fetches: Vec<TransferRequest>,
    /// What was asked for.
    pub(crate) request: NeededFor,
}

/// The request of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NeededFor {
    Training(Box<TrainingRequest>),
    Evaluation(Box<EvaluationRequest>),
    /// Its frozen job has everything but the folders of what is fetched.
    Export,
}

impl Needed {
    /// None where everything is on this machine.
    pub(crate) fn new(planned: &[PlannedFetch], request: NeededFor) -> Option<Self> {
        let fetches: Vec<_> = planned.iter().map(PlannedFetch::to_request).collect();
        (!fetches.is_empty()).then_some(Self { fetches, request })
    }

    /// What a run needs; none where everything is on this machine.
    pub(crate) fn read(folder: &RunFolder) -> Result<Option<Self>> {
        let path = folder.needed();
        let text = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| Error::file("read", &path, &error))?,
        };
        serde_json::from_slice(&text)
            .map(Some)
            .map_err(|error| Error::internal("reading what a run needs", &error))
    }

    pub(crate) fn write(&self, folder: &RunFolder) -> Result<()> {
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::internal("writing what a run needs", &error))?;
        AtomicFile::write_all(&folder.needed(), &text)
    }

    /// Records that everything is on this machine.
    pub(crate) fn remove(folder: &RunFolder) -> Result<()> {
        let path = folder.needed();
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::file("delete", &path, &error))
            }
            _ => Ok(()),
        }
    }
}
