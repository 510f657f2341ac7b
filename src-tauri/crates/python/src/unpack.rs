//! The worker's package, carried inside the program and put where Python can read it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use schema::{Error, Result};

/// Path in the package's folder, content.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/worker.rs"));

/// The libraries that the worker imports, at the versions it was tested with.
pub(super) const REQUIREMENTS: &str = include_str!("../../../worker/requirements.lock");

/// Unpacks the worker unless it is there, and gives the folder to put on `PYTHONPATH`. Every
/// content has a folder of its own, so a run that goes on through an update keeps its worker.
pub(super) fn worker_path(data: &Path) -> Result<PathBuf> {
    let all = data.join("worker");
    let target = all.join(content_hash());
    if target.is_dir() {
        return Ok(target);
    }
    fs::create_dir_all(&all).map_err(|error| Error::file("create", &all, &error))?;
    let fresh = tempfile::Builder::new().prefix(".").suffix(".part").tempdir_in(&all);
    let fresh = fresh.map_err(|error| Error::file("write to", &all, &error))?;
    for (name, content) in FILES {
        let path = fresh.path().join(name);
        let failed = |error: std::io::Error| Error::file("write", &path, &error);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
        fs::write(&path, content).map_err(failed)?;
    }
    match fs::rename(fresh.path(), &target) {
        // The folder has another name now; there is nothing left to remove.
        Ok(()) => _ = fresh.keep(),
        // Another program was faster with the same files.
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
