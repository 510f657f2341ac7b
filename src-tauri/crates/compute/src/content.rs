//! Local files by their content: hashes, which are remembered between programs.

use std::{
    collections::BTreeMap,
    fs::{File, Metadata},
    io::Read as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::UNIX_EPOCH,
};

use platform::{AtomicFile, Progress, Work};
use schema::{Error, Result};
use sha2::{Digest as _, Sha256};

/// Hashes of files of at least so many bytes are kept for later; smaller files are hashed each time.
const REMEMBERED_FROM: u64 = 1 << 20;

/// The oldest hashes are forgotten beyond this number.
const MOST: usize = 10_000;

/// What says that a file is still the same: size, time of change in nanoseconds, and number.
type Stamp = (u64, u128, u64);

/// Hashes of files by path, with the stamp that they had.
#[derive(Debug, Default)]
pub(crate) struct Hashes {
    file: Option<PathBuf>,
    known: BTreeMap<String, (Stamp, String)>,
    changed: bool,
}

/// One program writes them at a time.
static WRITING: Mutex<()> = Mutex::new(());

impl Hashes {
    /// Those that are remembered in a file.
    pub(crate) fn remembered(file: Option<PathBuf>) -> Self {
        let text = file.as_ref().and_then(|file| std::fs::read(file).ok()).unwrap_or_default();
        Self { file, known: serde_json::from_slice(&text).unwrap_or_default(), changed: false }
    }

    /// The SHA-256 of a file, in hexadecimal digits, and its size.
    pub(crate) fn of(&mut self, path: &Path, work: &Work) -> Result<(String, u64)> {
        let failed = |error: std::io::Error| Error::file("read", path, &error);
        let mut file = File::open(path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        let (key, stamp) = (path.to_string_lossy().into_owned(), stamp(&about));
        if let Some((then, hash)) = self.known.get(&key)
            && *then == stamp
        {
            return Ok((hash.clone(), about.len()));
        }
        let mut hash = Sha256::new();
        let mut block = vec![0; 1 << 20];
        loop {
            let length = file.read(&mut block).map_err(failed)?;
            if length == 0 {
                break;
            }
            hash.update(&block[..length]);
            work.tick(Progress { done: 0, total: None, rows: 0 })?;
        }
        let hash = hex(&hash.finalize());
        if about.len() >= REMEMBERED_FROM {
            self.known.insert(key, (stamp, hash.clone()));
            self.changed = true;
        }
        Ok((hash, about.len()))
    }

    /// Writes them for the next program. That they can't be written costs time alone.
    pub(crate) fn remember(mut self) {
        let Some(file) = self.file.take().filter(|_| self.changed) else { return };
        while self.known.len() > MOST {
            self.known.pop_first();
        }
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let written = file.parent().map_or(Ok(()), std::fs::create_dir_all);
        let text = serde_json::to_vec(&self.known).unwrap_or_default();
        if let Err(error) = written
            .map_err(|error| error.to_string())
            .and_then(|()| AtomicFile::write_all(&file, &text).map_err(|error| error.to_string()))
        {
            tracing::debug!("hashes of sent files: {error}");
        }
    }
}

fn stamp(about: &Metadata) -> Stamp {
    let changed = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    (about.len(), changed.unwrap_or_default().as_nanos(), number(about))
}

#[cfg(unix)]
fn number(about: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(about)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

/// Hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files of a folder, links followed, by their paths in it with `/`. Python's compiled files are left out.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, folder)) = open.pop() {
        let failed = |error: std::io::Error| Error::file("read", &folder, &error);
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let about = std::fs::metadata(&path).map_err(|error| Error::file("read", &path, &error))?;
            if about.is_file() {
                found.push((format!("{prefix}{name}"), path));
            } else if about.is_dir() && name != "__pycache__" {
                open.push((format!("{prefix}{name}/"), path));
            }
        }
    }
    found.sort();
    Ok(found)
}
