//! The unfinished file of a download: written and hashed in one pass.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
};

use platform::FileLock;
use schema::{Error, Result};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::listing::{FileHash, RemoteFile};

/// The bytes that are read at once.
const CHUNK: usize = 1 << 20;

/// The first bytes of a file, with the state of their hash.
pub(crate) struct Part {
    path: PathBuf,
    file: File,
    hasher: Hasher,
    expected: RemoteFile,
    length: u64,
    /// Held until the last byte is written, also if the fetch has ended by then.
    _lock: FileLock,
}

enum Hasher {
    Sha256(Sha256),
    GitBlob(Sha1),
}

impl Hasher {
    fn new(file: &RemoteFile) -> Self {
        match &file.hash {
            FileHash::Sha256(_) => Self::Sha256(Sha256::new()),
            FileHash::GitBlob(_) => {
                Self::GitBlob(Sha1::new_with_prefix(format!("blob {}\0", file.size).as_bytes()))
            }
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::GitBlob(hasher) => hasher.update(bytes),
        }
    }

    fn digits(self) -> String {
        let digits = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Self::Sha256(hasher) => digits(&hasher.finalize()),
            Self::GitBlob(hasher) => digits(&hasher.finalize()),
        }
    }
}

impl Part {
    /// Opens the unfinished file, which may be there from an earlier attempt, and hashes what it has.
    pub(crate) fn open(path: PathBuf, expected: RemoteFile, lock: FileLock) -> Result<Self> {
        let failed = |error: io::Error| Error::file("write", &path, &error);
        let file = File::options().create(true).read(true).write(true).truncate(false).open(&path);
        let mut file = file.map_err(failed)?;
        let mut hasher = Hasher::new(&expected);
        let mut length = 0;
        if file.metadata().map_err(failed)?.len() > expected.size {
            file.set_len(0).map_err(failed)?;
        }
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = file.read(&mut chunk).map_err(failed)?;
            if read == 0 {
                break;
            }
            hasher.update(&chunk[..read]);
            length += read as u64;
        }
        Ok(Self { path, file, hasher, expected, length, _lock: lock })
    }

    /// The number of bytes that are there.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Whether all bytes are there.
    pub(crate) fn is_whole(&self) -> bool {
        self.length == self.expected.size
    }

    /// The bytes that are not there yet.
    pub(crate) fn missing(&self) -> u64 {
        self.expected.size - self.length
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| Error::file("write", &self.path, &error))?;
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Removes the content, to begin again.
    pub(crate) fn clear(&mut self) -> Result<()> {
        let failed = |error: io::Error| Error::file("write", &self.path, &error);
        self.file.set_len(0).map_err(failed)?;
        self.file.seek(SeekFrom::Start(0)).map_err(failed)?;
        self.hasher = Hasher::new(&self.expected);
        self.length = 0;
        Ok(())
    }

    /// Gives the file its name in the cache if its hash is as announced. `false`, and no file, if not.
    pub(crate) fn finish(self, blob: &std::path::Path) -> Result<bool> {
        let failed = |error: io::Error| Error::file("write", &self.path, &error);
        if self.hasher.digits() != self.expected.hash.digits() {
            fs::remove_file(&self.path).map_err(failed)?;
            return Ok(false);
        }
        self.file.sync_all().map_err(failed)?;
        fs::rename(&self.path, blob).map_err(failed)?;
        // The rename is durable once the folder is.
        #[cfg(unix)]
        if let Some(folder) = blob.parent() {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        Ok(true)
    }
}
