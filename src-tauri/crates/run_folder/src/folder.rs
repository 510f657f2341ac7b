//! A run's folder: all files of a run.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use platform::{AtomicFile, FileLock};
use schema::{Error, ErrorCode, Result};
use serde::{Serialize, de::DeserializeOwned};

use crate::{export::ExportSpec, spec::Spec};

/// The folder of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFolder(PathBuf);

impl RunFolder {
    /// The folder of the run with that id, beside the database.
    pub fn new(database: &Path, id: &str) -> Self {
        Self(runs(database).join(id))
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The frozen job.
    pub fn job(&self) -> PathBuf {
        self.0.join("job.json")
    }

    /// What has to be fetched before the job can be frozen as it is run.
    pub fn needed(&self) -> PathBuf {
        self.0.join("needed.json")
    }

    /// The rows to train on.
    pub fn train(&self) -> PathBuf {
        self.0.join("train.jsonl")
    }

    /// The rows to evaluate on.
    pub fn eval(&self) -> PathBuf {
        self.0.join("eval.jsonl")
    }

    /// The rows to evaluate on in the file with that name.
    pub fn rows(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The events that the worker appends.
    pub fn events(&self) -> PathBuf {
        self.0.join("events.jsonl")
    }

    /// What the worker and its libraries print.
    pub fn log(&self) -> PathBuf {
        self.0.join("log.txt")
    }

    /// The results of the run, unless the job names another folder.
    pub fn output(&self) -> PathBuf {
        self.0.join("output")
    }

    /// How far the run is on its compute target.
    pub fn elsewhere(&self) -> PathBuf {
        self.0.join("elsewhere.json")
    }

    /// Creates the folder.
    pub fn create(&self) -> Result<()> {
        std::fs::create_dir_all(&self.0).map_err(|error| Error::file("create", &self.0, &error))
    }

    /// Writes the frozen job by one rename.
    pub fn write_spec(&self, spec: &Spec) -> Result<()> {
        self.write_job(spec)
    }

    /// Writes the frozen export by one rename.
    pub fn write_export(&self, spec: &ExportSpec) -> Result<()> {
        self.write_job(spec)
    }

    /// Reads the frozen job of a training or an evaluation.
    pub fn spec(&self) -> Result<Spec> {
        self.read_job()
    }

    /// Reads the frozen export.
    pub fn export(&self) -> Result<ExportSpec> {
        self.read_job()
    }

    fn write_job(&self, job: &impl Serialize) -> Result<()> {
        let text =
            serde_json::to_vec_pretty(job).map_err(|error| Error::internal("writing the job", &error))?;
        AtomicFile::write_all(&self.job(), &text)
    }

    fn read_job<T: DeserializeOwned>(&self) -> Result<T> {
        let path = self.job();
        let text = std::fs::read(&path).map_err(|error| Error::file("read", &path, &error))?;
        serde_json::from_slice(&text).map_err(|error| {
            Error::new(ErrorCode::File, format!("{} can't be parsed: {error}.", path.display()))
                .hint("Start the job again.")
        })
    }

    /// Locks the folder, or returns none while another process holds the lock. The program that
    /// prepares a run passes the lock to the worker, whose child processes inherit it; the system
    /// releases it when the last of these processes ends, however it ends.
    pub fn claim(&self) -> Result<Option<File>> {
        Ok(FileLock::try_exclusive(&self.lock())?.map(FileLock::into_file))
    }

    /// Whether the run is being prepared or a process of it is running. Asked by a shared lock, so
    /// that two programs that ask at once do not see each other.
    pub fn is_claimed(&self) -> bool {
        // Without the folder there is no lock file to open.
        self.0.is_dir() && FileLock::try_shared(&self.lock()).is_ok_and(|lock| lock.is_none())
    }

    fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// Deletes the folder with all files in it.
    pub fn remove(&self) -> Result<()> {
        match std::fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::file("delete", &self.0, &error))
            }
            _ => Ok(()),
        }
    }
}

/// The folder of all runs of a database.
fn runs(database: &Path) -> PathBuf {
    database.parent().unwrap_or(Path::new(".")).join("runs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_seen_and_a_look_is_no_claim() {
        let place = tempfile::tempdir().unwrap();
        let folder = RunFolder(place.path().to_owned());
        let looking = FileLock::try_shared(&folder.lock()).unwrap();
        assert!(looking.is_some() && !folder.is_claimed());
        drop(looking);
        let claim = folder.claim().unwrap();
        assert!(claim.is_some() && folder.is_claimed());
        assert!(folder.claim().unwrap().is_none());
        drop(claim);
        assert!(!folder.is_claimed());
    }
}
