//! Files that appear complete or not at all.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use schema::{Error, ErrorCode, Result};
use tempfile::NamedTempFile;

use crate::unfinished::{UNFINISHED_PREFIX, UNFINISHED_SUFFIX};

/// A file that is written beside its target and replaces it in one step. A crash leaves the old file,
/// or none; a value that is dropped before [`Self::commit`] is removed.
#[derive(Debug)]
pub struct AtomicFile {
    part: NamedTempFile,
    target: PathBuf,
}

impl AtomicFile {
    /// Creates an empty file in the folder of `target`, which must exist. An error if `target` is a
    /// folder.
    pub fn new(target: &Path) -> Result<Self> {
        let folder = folder(target);
        if target.is_dir() {
            return Err(Error::new(ErrorCode::File, format!("{} is a folder.", target.display()))
                .hint("Give the file a name."));
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED_PREFIX).suffix(UNFINISHED_SUFFIX);
        let part = builder.tempfile_in(folder).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                Error::new(ErrorCode::NotFound, format!("The folder {} does not exist.", folder.display()))
                    .hint("Choose another place.")
            }
            _ => Error::file("write to", folder, &error),
        })?;
        Ok(Self { part, target: target.to_owned() })
    }

    /// The path of the unfinished file, for a library that opens it by name.
    pub fn path(&self) -> &Path {
        self.part.path()
    }

    /// Another handle to the unfinished file, for a writer that owns its file. Both share one position.
    pub fn handle(&self) -> Result<File> {
        self.part.as_file().try_clone().map_err(|error| Error::file("write", &self.target, &error))
    }

    /// Makes the content durable and gives the file its name, replacing an existing file. Returns its
    /// size in bytes.
    pub fn commit(self) -> Result<u64> {
        let Self { part, target } = self;
        let failed = |error: io::Error| Error::file("write", &target, &error);
        part.as_file().sync_all().map_err(failed)?;
        let bytes = part.as_file().metadata().map_err(failed)?.len();
        part.persist(&target).map_err(|error| failed(error.error))?;
        // The rename is durable once the folder is.
        #[cfg(unix)]
        File::open(folder(&target)).and_then(|folder| folder.sync_all()).map_err(failed)?;
        Ok(bytes)
    }

    /// Writes a file with this content in one step.
    pub fn write_all(target: &Path, content: &[u8]) -> Result<()> {
        let mut file = Self::new(target)?;
        file.part.write_all(content).map_err(|error| Error::file("write", target, &error))?;
        file.commit()?;
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.part.flush()
    }
}

fn folder(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_target_changes_only_at_the_commit_and_an_abandoned_file_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("rows.json");
        fs::write(&target, "old").unwrap();

        let mut abandoned = AtomicFile::new(&target).unwrap();
        abandoned.write_all(b"new").unwrap();
        drop(abandoned);
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");

        let file = AtomicFile::new(&target).unwrap();
        file.handle().unwrap().write_all(b"newer").unwrap();
        assert_eq!(file.commit().unwrap(), 5);
        assert_eq!(fs::read_to_string(&target).unwrap(), "newer");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no part is left");
    }

    #[test]
    fn a_folder_is_not_replaced_and_a_missing_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(AtomicFile::new(folder.path()).unwrap_err().code, ErrorCode::File);
        let error = AtomicFile::new(&folder.path().join("none/file")).unwrap_err();
        assert!(error.message.ends_with("none does not exist."), "{error}");
    }
}
