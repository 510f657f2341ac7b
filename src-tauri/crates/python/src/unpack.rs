//! The worker's package, which is part of the program, written to a folder for Python.

use std::{
    fs,
    path::{Path, PathBuf},
};

use schema::{Error, Result};

/// The path in the package's folder and the content of each file.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/worker.rs"));

/// The libraries that the worker imports, at the versions it was tested with.
pub(super) const REQUIREMENTS: &str = include_str!("../../../worker/requirements.lock");

/// axolotl and what it imports, at the versions that the worker was tested with.
pub(super) const AXOLOTL_REQUIREMENTS: &str = include_str!("../../../worker/requirements-axolotl.lock");

/// What exports to GGUF need beside [`REQUIREMENTS`], without what these packages need in turn.
pub(super) const GGUF_REQUIREMENTS: &str = include_str!("../../../worker/requirements-gguf.lock");

/// Writes the worker's package unless it exists; returns the folder to put on `PYTHONPATH`. The folder's
/// name is a hash of the content, so that a running worker keeps its files after an update.
pub(super) fn worker_path(data: &Path) -> Result<PathBuf> {
    let all = data.join("worker");
    let target = all.join(content_hash());
    if target.is_dir() {
        return Ok(target);
    }
    fs::create_dir_all(&all).map_err(|error| Error::file("create", &all, &error))?;
    let folder = tempfile::Builder::new().prefix(".").suffix(".part").tempdir_in(&all);
    let folder = folder.map_err(|error| Error::file("write to", &all, &error))?;
    for (name, content) in FILES {
        let path = folder.path().join(name);
        let failed = |error: std::io::Error| Error::file("write", &path, &error);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
        fs::write(&path, content).map_err(failed)?;
    }
    match fs::rename(folder.path(), &target) {
        // It was renamed, so there is nothing to remove.
        Ok(()) => _ = folder.keep(),
        // Another process has written the same files.
        Err(_) if target.is_dir() => {}
        Err(error) => return Err(Error::file("write", &target, &error)),
    }
    Ok(target)
}

fn content_hash() -> String {
    let mut hasher = blake3::Hasher::new();
    for (name, content) in FILES {
        for part in [name.as_bytes(), content] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
    }
    hasher.finalize().to_hex().to_string()
}
