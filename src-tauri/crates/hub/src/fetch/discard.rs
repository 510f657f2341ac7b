//! Removing what a fetch left behind that was given up.

use std::{
    collections::HashSet,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use platform::{FileLock, blocking};
use schema::{Error, Result};

use super::layout::Layout;
use crate::{CachedKind, Hub};

impl Hub {
    /// Removes the contents of a repository that no revision in the cache names: unfinished files, and finished
    /// ones of a fetch that did not come to its end. Of a repository without a revision nothing is left.
    ///
    /// Returns false while some are in use, so that they can't be removed yet.
    pub async fn discard_unfinished(&self, kind: CachedKind, name: &str) -> Result<bool> {
        let layout = Layout::new(&self.cache_folder(), kind.on_hub(), name, "");
        blocking("removing partial files", move || discard(&layout)).await
    }
}

fn discard(layout: &Layout) -> Result<bool> {
    if !layout.locks().is_dir() {
        return Ok(true);
    }
    let Some(alone) = layout.try_alone()? else { return Ok(false) };
    let named = named_blobs(&layout.snapshots());
    let mut are_removed = true;
    for entry in fs::read_dir(layout.blobs()).into_iter().flatten().flatten() {
        if named.contains(&entry.file_name()) {
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let hash = name.split('.').next().unwrap_or_default();
        // The Hugging Face libraries hold this lock while they write a file and name it.
        match FileLock::try_exclusive(&layout.locks().join(format!("{hash}.lock")))? {
            Some(_lock) => remove(&entry.path(), fs::remove_file)?,
            None => are_removed = false,
        }
    }
    if !layout.snapshots().is_dir() && is_empty(&layout.blobs()) {
        remove(layout.repository(), fs::remove_dir_all)?;
        drop(alone);
        remove(layout.locks(), fs::remove_dir_all)?;
    }
    Ok(are_removed)
}

/// The contents that the files of all revisions link to.
fn named_blobs(snapshots: &Path) -> HashSet<OsString> {
    let mut named = HashSet::new();
    let mut folders: Vec<PathBuf> = vec![snapshots.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match fs::read_link(&path) {
                Ok(target) => named.extend(target.file_name().map(OsString::from)),
                Err(_) if path.is_dir() => folders.push(path),
                Err(_) => {}
            }
        }
    }
    named
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none())
}

fn remove(path: &Path, by: fn(PathBuf) -> io::Result<()>) -> Result<()> {
    match by(path.to_owned()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file("delete", path, &error)),
        _ => Ok(()),
    }
}
