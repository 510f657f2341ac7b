//! The places of a repository's files in the local cache
//! (<https://huggingface.co/docs/huggingface_hub/guides/manage-cache>).

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use platform::{AtomicFile, FileLock, Work};
use schema::{Error, Result};
use tokio::time::sleep;

use super::{
    count::{FetchProgress, stoppable},
    listing::{FileHash, RemoteFile, relative},
};
use crate::{HubKind, cache};

/// How often another program's lock is tried.
pub(crate) const LOCK_EVERY: Duration = Duration::from_millis(500);

/// The folders of one repository, at one commit.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    repository: PathBuf,
    locks: PathBuf,
    commit: String,
}

impl Layout {
    pub(crate) fn new(cache: &Path, kind: HubKind, name: &str, commit: &str) -> Self {
        let repository = cache::repository(cache, &format!("{kind}s"), name);
        let folder = repository.file_name().unwrap_or_default().to_owned();
        Self { locks: cache.join(".locks").join(folder), repository, commit: commit.to_owned() }
    }

    pub(crate) fn repository(&self) -> &Path {
        &self.repository
    }

    pub(crate) fn commit(&self) -> &str {
        &self.commit
    }

    pub(crate) fn blob(&self, hash: &FileHash) -> PathBuf {
        self.blobs().join(hash.digits())
    }

    /// The file that holds the first bytes of a blob until all are there.
    pub(crate) fn unfinished(&self, hash: &FileHash) -> PathBuf {
        self.blobs().join(format!("{}.incomplete", hash.digits()))
    }

    /// The file whose lock allows one process to write a blob. The Hugging Face libraries lock it too.
    pub(crate) fn lock(&self, hash: &FileHash) -> PathBuf {
        self.locks.join(format!("{}.lock", hash.digits()))
    }

    /// Holds the folders of the repository for a fetch. [`Layout::try_alone`] waits for its end.
    pub(crate) async fn lock_for_fetch(&self, work: &Work<FetchProgress>) -> Result<FileLock> {
        self.create_folders()?;
        loop {
            if let Some(lock) = FileLock::try_shared(&self.fetches())? {
                return Ok(lock);
            }
            stoppable(work, sleep(LOCK_EVERY)).await?;
        }
    }

    /// A lock that no fetch of the repository holds together with it; none while there is one.
    pub(crate) fn try_alone(&self) -> Result<Option<FileLock>> {
        FileLock::try_exclusive(&self.fetches())
    }

    /// The folder of the locks.
    pub(crate) fn locks(&self) -> &Path {
        &self.locks
    }

    fn fetches(&self) -> PathBuf {
        self.locks.join("studio-fetch.lock")
    }

    pub(crate) fn snapshots(&self) -> PathBuf {
        self.repository.join("snapshots")
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.repository.join("blobs")
    }

    /// Notes which files of the commit hold rows, those that are not fetched included: which split a file is of
    /// follows from all names.
    pub(crate) fn keep_row_files(&self, names: &[String]) -> Result<()> {
        let path = self.row_files();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
        }
        let text = serde_json::to_vec(names).map_err(|error| Error::internal("listing files", &error))?;
        AtomicFile::write_all(&path, &text)
    }

    /// Where those names are. The Hugging Face libraries look into other folders alone.
    fn row_files(&self) -> PathBuf {
        self.repository.join("studio").join(format!("{}.json", self.commit))
    }

    /// The names that were noted; none where another program fetched the commit.
    pub(crate) fn kept_row_files(&self) -> Option<Vec<String>> {
        serde_json::from_slice(&fs::read(self.row_files()).ok()?).ok()
    }

    pub(crate) fn snapshot(&self) -> PathBuf {
        self.snapshots().join(&self.commit)
    }

    /// Whether a file is complete: as a blob, or in the folder of the commit where the system has no links.
    pub(crate) fn has(&self, file: &RemoteFile) -> bool {
        let has_size = |path: PathBuf| fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() == file.size);
        has_size(self.blob(&file.hash))
            || relative(&file.name).is_ok_and(|name| has_size(self.snapshot().join(name)))
    }

    pub(crate) fn unfinished_bytes(&self, file: &RemoteFile) -> u64 {
        fs::metadata(self.unfinished(&file.hash)).map_or(0, |metadata| metadata.len())
    }

    pub(crate) fn create_folders(&self) -> Result<()> {
        for folder in [self.blobs(), self.locks.clone()] {
            fs::create_dir_all(&folder).map_err(|error| Error::file("create", &folder, &error))?;
        }
        Ok(())
    }

    /// Gives the files of the commit their names, and notes the commit of a branch or tag. Returns the
    /// folder of the commit.
    pub(crate) fn link(&self, files: &[RemoteFile], revision: &str) -> Result<PathBuf> {
        let snapshot = self.snapshot();
        for file in files {
            let name = relative(&file.name)?;
            let link = snapshot.join(&name);
            let folder = link.parent().unwrap_or(&snapshot);
            fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
            let failed = |error: io::Error| Error::file("write", &link, &error);
            if fs::metadata(&link).is_ok_and(|metadata| metadata.len() == file.size) {
                continue;
            }
            match fs::remove_file(&link) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            }
            // snapshots/<commit>/a/b leads to blobs: one step up for each part, and two more.
            let up: PathBuf = (0..name.components().count() + 1).map(|_| "..").collect();
            let target = up.join("blobs").join(file.hash.digits());
            link_blob(&target, &self.blob(&file.hash), &link).map_err(failed)?;
        }
        if revision != self.commit {
            let reference = self.repository.join("refs").join(relative(revision)?);
            let folder = reference.parent().unwrap_or(&self.repository);
            fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
            AtomicFile::write_all(&reference, self.commit.as_bytes())?;
        }
        Ok(snapshot)
    }
}

#[cfg(unix)]
fn link_blob(target: &Path, _blob: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

/// Links take a privilege here that most users lack. The libraries then move the content, and so do we.
#[cfg(not(unix))]
fn link_blob(target: &Path, blob: &Path, link: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, link).or_else(|_| fs::rename(blob, link))
}
