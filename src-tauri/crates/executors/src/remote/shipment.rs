//! What is sent for a run, and its job as it is carried out there.

use std::path::Path;

use compute::{Parcel, Sent, TargetSettings};
use hub::Hub;
use run_folder::folder::RunFolder;
use schema::Result;

use super::{
    job::Job,
    models::{SentFolders, fetch_there},
};

/// From a run's folder there to the target's folder.
const UP: &str = "../../";

/// What is sent for a run: its rows, the worker's package, and every model and adapter that lies in a folder.
#[derive(Debug)]
pub(super) struct Shipment {
    job: Job,
    /// Everything but the job.
    pub(super) parcel: Parcel,
    folders: SentFolders,
}

impl Shipment {
    /// What a prepared run needs in its folder `there`, with the worker's package.
    ///
    /// # Errors
    /// The job can't be read, or is none that other machines can carry out.
    pub(super) fn new(
        folder: &RunFolder,
        worker: &Path,
        there: &str,
        hub: &Hub,
        settings: &TargetSettings,
    ) -> Result<Self> {
        let mut job = Job::read(folder)?;
        job.refuse_bound()?;
        for source in job.sources_mut() {
            fetch_there(source, hub, settings);
        }
        let (folders, mut parcel) = SentFolders::pack(worker, job.sources());
        for (path, name) in job.files(folder) {
            parcel = parcel.with_file(path, format!("{there}/{name}"));
        }
        Ok(Self { job, parcel, folders })
    }

    /// The same with what earlier attempts wrote here: events, log, checkpoints, and the answers of an evaluation.
    ///
    /// # Errors
    /// Some of it can't be read.
    pub(super) fn with_history(mut self, folder: &RunFolder, there: &str) -> Result<Self> {
        for path in [folder.events(), folder.log()].into_iter().filter(|path| path.is_file()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.parcel = self.parcel.with_own_file(path, format!("{there}/{name}"));
        }
        for (here, name) in self.job.history().into_iter().filter(|(here, _)| here.is_dir()) {
            self.parcel = self.parcel.with_own_folder(&here, &format!("{there}/{name}"))?;
        }
        Ok(self)
    }

    /// The same with the events here in place of those there.
    pub(super) fn with_events(mut self, folder: &RunFolder, there: &str) -> Self {
        self.parcel = self.parcel.with_own_file(folder.events(), format!("{there}/events.jsonl"));
        self
    }

    /// The nodes on which the run works, at least 1.
    pub(super) fn nodes(&self) -> u32 {
        self.job.nodes()
    }

    /// The processes that work together, each on a device of its own, at least 1.
    pub(super) fn processes(&self) -> u32 {
        self.job.processes()
    }

    /// `job.json` as the worker there reads it, by what was sent.
    pub(super) fn job(&self, sent: &Sent) -> Result<Vec<u8>> {
        let mut job = self.job.clone();
        for source in job.sources_mut() {
            if let Some(there) = self.folders.place(source, sent) {
                source.source = format!("{UP}{there}");
            }
        }
        job.there()
    }
}
