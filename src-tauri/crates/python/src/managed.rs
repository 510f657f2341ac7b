//! The program's own environment: a virtual environment in one folder, with a mark that is
//! written last, so that a half-made one is known as such.

use std::{
    fs::{self, File, TryLockError},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use platform::atomic_file;
use schema::{Error, ErrorCode, Result, text_enum};
use serde::{Deserialize, Serialize};

use super::places::python_in;

text_enum! {
    /// What has become of the program's own environment.
    pub enum EnvironmentState {
        /// Nothing is there.
        Absent = "absent", "Not made yet";
        /// It was begun and not finished.
        Unfinished = "unfinished", "Not finished";
        /// It was finished for another version of this program, and may still do.
        Outdated = "outdated", "Made for another version of this program";
        /// It is finished.
        Complete = "complete", "Complete";
        /// The folder holds something else.
        Foreign = "foreign", "Not an environment";
    }
}

/// What the mark says: of which requirements the environment was made.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    requirements: String,
}

/// The folder with the environment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Managed<'a>(pub(super) &'a Path);

impl Managed<'_> {
    pub(super) fn python(self) -> PathBuf {
        python_in(self.0)
    }

    fn mark(self) -> PathBuf {
        self.0.join("complete.json")
    }

    /// Whether it was finished, for whichever requirements.
    pub(super) fn finished(self) -> bool {
        self.mark().is_file()
    }

    /// What has become of it, held against these requirements.
    pub(super) fn state(self, requirements: &str) -> EnvironmentState {
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
        let mark = fs::read(self.mark()).ok().and_then(|text| serde_json::from_slice::<Mark>(&text).ok());
        match mark {
            Some(mark) if mark.requirements == hash(requirements) => EnvironmentState::Complete,
            Some(_) => EnvironmentState::Outdated,
            None => EnvironmentState::Unfinished,
        }
    }

    /// Marks it as finished.
    pub(super) fn finish(self, requirements: &str) -> Result<()> {
        let mark = Mark { requirements: hash(requirements) };
        let text =
            serde_json::to_vec(&mark).map_err(|error| Error::internal("marking the environment", &error))?;
        let mut file = atomic_file::beside(&self.mark())?;
        file.write_all(&text).map_err(|error| Error::file("write", &self.mark(), &error))?;
        atomic_file::put(file.into_temp_path(), &self.mark())?;
        Ok(())
    }

    /// Takes the mark off, before anything in it changes.
    pub(super) fn begin(self) -> Result<()> {
        gone(&self.mark(), fs::remove_file(self.mark()))
    }

    /// What is needed only while it is made: `uv` and what it downloads. On the same disk, so
    /// that files are linked into place instead of copied.
    pub(super) fn workshop(self) -> PathBuf {
        self.beside("making")
    }

    /// Removes it. It has another name first, so that nobody finds the half of it.
    pub(super) fn remove(self) -> Result<()> {
        let aside = self.beside("removed");
        for folder in [&aside, &self.workshop()] {
            gone(folder, fs::remove_dir_all(folder))?;
        }
        gone(self.0, fs::rename(self.0, &aside))?;
        gone(&aside, fs::remove_dir_all(&aside))
    }

    /// Claims it for one program at a time; the system lets go when the program ends, however it
    /// ends.
    pub(super) fn lock(self) -> Result<File> {
        let path = self.beside("lock");
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
        let file = File::options().create(true).append(true).open(&path);
        let file = file.map_err(|error| Error::file("write", &path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Error::new(
                ErrorCode::Locked,
                "Another window or command is creating or removing the Python environment.",
            )
            .hint("Wait until that is done.")),
            Err(TryLockError::Error(error)) => Err(Error::file("lock", &path, &error)),
        }
    }

    /// The error where the folder is somebody's own: nothing in it is touched.
    pub(super) fn foreign(self) -> Error {
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

fn hash(requirements: &str) -> String {
    blake3::hash(requirements.as_bytes()).to_hex().to_string()
}

/// Removing what isn't there is no failure.
fn gone(path: &Path, removed: std::io::Result<()>) -> Result<()> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::file("remove", path, &error)),
        _ => Ok(()),
    }
}
