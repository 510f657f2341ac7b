//! A run's folder: where everything about a run lies.

use std::{
    fs::{File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use platform::atomic_file;
use schema::{Error, ErrorCode, Result};

use super::spec::Spec;

/// The folder of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFolder(PathBuf);

impl RunFolder {
    /// The folder of the run with that id, beside the database.
    pub fn of(database: &Path, id: &str) -> Self {
        Self(runs(database).join(id))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The frozen job.
    pub fn job(&self) -> PathBuf {
        self.0.join("job.json")
    }

    /// The rows to train on.
    pub(crate) fn train(&self) -> PathBuf {
        self.0.join("train.jsonl")
    }

    /// The rows to evaluate on.
    pub(crate) fn eval(&self) -> PathBuf {
        self.0.join("eval.jsonl")
    }

    /// What the worker tells.
    pub fn events(&self) -> PathBuf {
        self.0.join("events.jsonl")
    }

    /// What the worker prints.
    pub fn log(&self) -> PathBuf {
        self.0.join("log.txt")
    }

    /// What comes of the run, unless it is sent elsewhere.
    pub fn output(&self) -> PathBuf {
        self.0.join("output")
    }

    /// Makes the folder.
    pub fn create(&self) -> Result<()> {
        std::fs::create_dir_all(&self.0).map_err(|error| Error::file("create", &self.0, &error))
    }

    /// Freezes the job.
    pub fn write_spec(&self, spec: &Spec) -> Result<()> {
        let text =
            serde_json::to_vec_pretty(spec).map_err(|error| Error::internal("writing the job", &error))?;
        let target = self.job();
        let mut file = atomic_file::beside(&target)?;
        file.write_all(&text).map_err(|error| Error::file("write", &target, &error))?;
        atomic_file::put(file.into_temp_path(), &target)?;
        Ok(())
    }

    /// The frozen job.
    pub fn spec(&self) -> Result<Spec> {
        let path = self.job();
        let text = std::fs::read(&path).map_err(|error| Error::file("read", &path, &error))?;
        serde_json::from_slice(&text).map_err(|error| {
            Error::new(ErrorCode::File, format!("{} can't be parsed: {error}.", path.display()))
                .hint("Start the job again.")
        })
    }

    /// Claims the run. Whoever prepares it holds the claim and hands it on to the worker and
    /// everything that starts; the system lets go of it when the last of them ends, however it
    /// ends. None while another holds it.
    pub fn claim(&self) -> Result<Option<File>> {
        self.locked(File::try_lock)
    }

    /// Whether somebody prepares it or something of it still runs. Those who ask don't take each
    /// other for a claim.
    pub fn is_claimed(&self) -> bool {
        // A folder that is gone has nobody in it.
        self.0.is_dir() && self.locked(File::try_lock_shared).is_ok_and(|lock| lock.is_none())
    }

    fn locked(&self, lock: fn(&File) -> Result<(), TryLockError>) -> Result<Option<File>> {
        let path = self.0.join("lock");
        let failed = |error: io::Error| Error::file("lock", &path, &error);
        let file = File::options().create(true).append(true).read(true).open(&path).map_err(failed)?;
        match lock(&file) {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Deletes the folder with everything in it.
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
pub(crate) fn runs(database: &Path) -> PathBuf {
    database.parent().unwrap_or(Path::new(".")).join("runs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_seen_and_those_who_look_are_none() {
        let place = tempfile::tempdir().unwrap();
        let folder = RunFolder(place.path().to_owned());
        let looking = folder.locked(File::try_lock_shared).unwrap();
        assert!(looking.is_some() && !folder.is_claimed());
        drop(looking);
        let claim = folder.claim().unwrap();
        assert!(claim.is_some() && folder.is_claimed());
        assert!(folder.claim().unwrap().is_none());
        drop(claim);
        assert!(!folder.is_claimed());
    }
}
