//! Removing a repository from the local cache.
//!
//! The folder is renamed first, so that a removal that is interrupted leaves no half of a repository. What other
//! programs download is locked by them, file by file, and such a repository is not removed.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use platform::FileLock;
use schema::{Error, ErrorCode, Result};
use serde::Serialize;

use crate::{Hub, HubKind, cache, shared_blobs};

/// The beginning of the names of folders that are being removed. They are among the locks, which is the only
/// folder of the cache that other programs do not list.
const REMOVED: &str = ".removed-";

/// The file among the locks of a repository whose lock a program has that has loaded it.
const HELD: &str = "studio-held.lock";

/// A repository that was removed from the local cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Removed {
    /// The name on the Hub.
    pub name: String,
    /// The bytes that are free now.
    pub bytes: u64,
}

impl Hub {
    /// The folder of a repository in the local cache, which need not exist.
    pub fn repository_folder(&self, kind: HubKind, name: &str) -> PathBuf {
        cache::repository(&self.cache_folder(), &format!("{kind}s"), name)
    }

    /// Holds the repository of the local cache that a path is in, as long as the result lives: no program of the
    /// studio removes it. None for a path elsewhere, and where a program removes it right now.
    pub fn hold(&self, path: &Path) -> Result<Option<FileLock>> {
        let cache = self.cache_folder();
        let inside = path.strip_prefix(&cache).ok().and_then(|inside| inside.components().next());
        let Some(Component::Normal(folder)) = inside else { return Ok(None) };
        let locks = cache.join(".locks").join(folder);
        fs::create_dir_all(&locks).map_err(|error| Error::file("create", &locks, &error))?;
        FileLock::try_shared(&locks.join(HELD))
    }

    /// Whether a program of the studio holds a repository of the local cache.
    pub fn is_held(&self, kind: HubKind, name: &str) -> Result<bool> {
        let folder = self.repository_folder(kind, name);
        let held = self.cache_folder().join(".locks").join(folder.file_name().unwrap_or_default()).join(HELD);
        Ok(held.exists() && FileLock::try_exclusive(&held)?.is_none())
    }

    /// Removes a repository from the local cache, with all its revisions.
    ///
    /// # Errors
    ///
    /// If it is not there, a program is downloading a file of it or holds it, or it can't be removed.
    pub fn remove_cached(&self, kind: HubKind, name: &str) -> Result<Removed> {
        let (cache, folder) = (self.cache_folder(), self.repository_folder(kind, name));
        if !resources::is_hub_name(name) || !folder.is_dir() {
            let message = format!("The Hub's local cache has no {} {name}.", kind.into_str());
            return Err(
                Error::new(ErrorCode::NotFound, message).hint(format!("The cache is {}.", cache.display()))
            );
        }
        let locks = cache.join(".locks");
        let _held = lock_files(&locks.join(folder.file_name().unwrap_or_default()), name)?;
        fs::create_dir_all(&locks).map_err(|error| Error::file("create", &locks, &error))?;
        // What an earlier removal did not finish.
        for entry in fs::read_dir(&locks).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(REMOVED) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let shared = shared_blobs::used_by(&cache, &folder);
        let own = bytes(&folder);
        let folder_name = folder.file_name().unwrap_or_default().to_string_lossy();
        let aside = locks.join(format!("{REMOVED}{folder_name}-{}", std::process::id()));
        fs::rename(&folder, &aside).map_err(|error| Error::file("remove", &folder, &error))?;
        fs::remove_dir_all(&aside).map_err(|error| Error::file("remove", &aside, &error))?;
        let shared: u64 = shared.iter().map(|blob| shared_blobs::remove_unused(&cache, blob)).sum();
        Ok(Removed { name: name.to_owned(), bytes: own + shared })
    }
}

/// Takes the locks of all files of a repository, which programs hold while they download one.
fn lock_files(folder: &Path, name: &str) -> Result<Vec<FileLock>> {
    let mut held = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "lock") {
            continue;
        }
        match FileLock::try_exclusive(&path)? {
            Some(lock) => held.push(lock),
            None if path.ends_with(HELD) => {
                return Err(Error::new(ErrorCode::InUse, format!("{name} is loaded by Try it or Serve."))
                    .hint("Unload it there first."));
            }
            None => {
                return Err(Error::new(ErrorCode::InUse, format!("{name} is being fetched."))
                    .hint("Wait for the end of the fetch, or cancel it."));
            }
        }
    }
    Ok(held)
}

/// The bytes of the files below a folder. Links lead to files that are counted where they are.
fn bytes(folder: &Path) -> u64 {
    let mut bytes = 0;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(metadata) = fs::symlink_metadata(entry.path()) else { continue };
        bytes += match metadata {
            folder if folder.is_dir() => self::bytes(&entry.path()),
            file if file.is_file() => file.len(),
            _ => 0,
        };
    }
    bytes
}
