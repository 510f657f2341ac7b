//! Locks between processes.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
};

use schema::{Error, Result};

/// A lock on a small file that exists for nothing else. The system releases the lock when the last
/// process that has the file open ends, also if it is killed.
#[derive(Debug)]
pub struct FileLock(File);

impl FileLock {
    /// Locks a file, which is created if necessary, for this process alone. `None` while another
    /// process has a lock on it.
    pub fn try_exclusive(path: &Path) -> Result<Option<Self>> {
        Self::try_with(path, File::try_lock)
    }

    /// Locks a file together with other shared locks. `None` while another process has an exclusive
    /// lock on it.
    pub fn try_shared(path: &Path) -> Result<Option<Self>> {
        Self::try_with(path, File::try_lock_shared)
    }

    fn try_with(path: &Path, lock: fn(&File) -> Result<(), TryLockError>) -> Result<Option<Self>> {
        let failed = |error: io::Error| Error::file("lock", path, &error);
        let file = File::options().create(true).append(true).read(true).open(path).map_err(failed)?;
        match lock(&file) {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// The open file, to be inherited by a child process, which then has the lock too.
    pub fn into_file(self) -> File {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::FileLock;

    #[test]
    fn an_exclusive_lock_excludes_all_others_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let lock = FileLock::try_exclusive(&path).unwrap();
        assert!(lock.is_some());
        assert!(FileLock::try_exclusive(&path).unwrap().is_none());
        assert!(FileLock::try_shared(&path).unwrap().is_none());
        drop(lock);
        let shared = [FileLock::try_shared(&path).unwrap(), FileLock::try_shared(&path).unwrap()];
        assert!(shared.iter().all(Option::is_some));
        assert!(FileLock::try_exclusive(&path).unwrap().is_none());
    }
}
