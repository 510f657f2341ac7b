//! An environment of the program: a virtual environment in one folder. A marker file is written last,
//! so that an unfinished environment is recognized.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use platform::{AtomicFile, FileLock};
use schema::{Error, ErrorCode, Result, text_enum};
use serde::{Deserialize, Serialize};

use crate::places::python_in;

text_enum! {
    /// The state of the program's own environment.
    pub enum EnvironmentState {
        /// The folder does not exist or is empty.
        Absent = "absent", "Not created yet";
        /// Its creation was begun and not finished.
        Unfinished = "unfinished", "Not finished";
        /// It was created for other requirements, and may still be usable.
        Outdated = "outdated", "Created for another version of this program";
        /// It was created for these requirements.
        Complete = "complete", "Complete";
        /// The folder contains something else.
        Foreign = "foreign", "Not an environment";
    }
}

/// The content of the marker file: the hash of the requirements.
#[derive(Debug, Serialize, Deserialize)]
struct Marker {
    requirements: String,
}

/// The folder with the environment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Managed<'a>(pub(crate) &'a Path);

impl Managed<'_> {
    pub(crate) fn python(self) -> PathBuf {
        python_in(self.0)
    }

    fn marker(self) -> PathBuf {
        self.0.join("complete.json")
    }

    /// Whether it was finished, for any requirements.
    pub(crate) fn finished(self) -> bool {
        self.marker().is_file()
    }

    /// Its state, compared with these requirements.
    pub(crate) fn state(self, requirements: &str) -> EnvironmentState {
        let empty = match fs::read_dir(self.0) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == ErrorKind::NotFound,
        };
        if empty {
            return EnvironmentState::Absent;
        }
        if !self.0.join("pyvenv.cfg").is_file() {
            return EnvironmentState::Foreign;
        }
        let marker =
            fs::read(self.marker()).ok().and_then(|text| serde_json::from_slice::<Marker>(&text).ok());
        match marker {
            Some(marker) if marker.requirements == hash(requirements) => EnvironmentState::Complete,
            Some(_) => EnvironmentState::Outdated,
            None => EnvironmentState::Unfinished,
        }
    }

    /// Marks it as finished.
    pub(crate) fn finish(self, requirements: &str) -> Result<()> {
        let marker = Marker { requirements: hash(requirements) };
        let text = serde_json::to_vec(&marker)
            .map_err(|error| Error::internal("marking the environment", &error))?;
        AtomicFile::write_all(&self.marker(), &text)
    }

    /// Removes the marker, before anything in the environment changes.
    pub(crate) fn begin(self) -> Result<()> {
        ignore_missing(&self.marker(), fs::remove_file(self.marker()))
    }

    /// The folder for temporary files of the creation: `uv` and its downloads. It is on the same disk,
    /// so that uv links files into the environment instead of copying them.
    pub(crate) fn build_folder(self) -> PathBuf {
        self.beside("making")
    }

    /// Removes it. It is renamed first, so that no other process finds a part of it.
    pub(crate) fn remove(self) -> Result<()> {
        let aside = self.beside("removed");
        for folder in [&aside, &self.build_folder()] {
            ignore_missing(folder, fs::remove_dir_all(folder))?;
        }
        ignore_missing(self.0, fs::rename(self.0, &aside))?;
        ignore_missing(&aside, fs::remove_dir_all(&aside))
    }

    /// Locks it for this process. An error while another process creates or removes it.
    pub(crate) fn lock(self) -> Result<FileLock> {
        let path = self.beside("lock");
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
        FileLock::try_exclusive(&path)?.ok_or_else(|| {
            Error::new(
                ErrorCode::Locked,
                "Another window or command is creating or removing the Python environment.",
            )
            .hint("Wait until that is done.")
        })
    }

    /// The error if the folder contains something else. Nothing in it is changed.
    pub(crate) fn foreign(self) -> Error {
        let message = format!(
            "{} contains something that is not a Python environment. It was not changed.",
            self.0.display()
        );
        Error::new(ErrorCode::Conflict, message)
            .hint("Set FINE_TUNING_STUDIO_ENVIRONMENT to an empty folder, or move the content away.")
    }

    fn beside(self, what: &str) -> PathBuf {
        let name = self.0.file_name().unwrap_or_default().to_string_lossy();
        self.0.with_file_name(format!(".{name}.{what}"))
    }
}

pub(crate) fn hash(requirements: &str) -> String {
    blake3::hash(requirements.as_bytes()).to_hex().to_string()
}

/// Removing what isn't there is no failure.
fn ignore_missing(path: &Path, removed: std::io::Result<()>) -> Result<()> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::file("remove", path, &error)),
        _ => Ok(()),
    }
}
