//! A repository's folder in the cache of the Hub, and the files of its revisions
//! (<https://huggingface.co/docs/huggingface_hub/guides/manage-cache>).

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// The folder of the revision of `main`, else of the latest download; `None` if the folder is no
/// repository of a cache, or has no revision.
pub fn snapshot_of(repository: &Path) -> Option<PathBuf> {
    let snapshots = repository.join("snapshots");
    let main = fs::read_to_string(repository.join("refs/main")).ok();
    let main = main.map(|commit| commit.trim().to_owned());
    // The file could contain a path out of the cache.
    let main = main.filter(|commit| !commit.is_empty() && commit.chars().all(|c| c.is_ascii_alphanumeric()));
    let main = main.map(|commit| snapshots.join(commit)).filter(|folder| folder.is_dir());
    main.or_else(|| {
        let folders = fs::read_dir(&snapshots).ok()?.flatten().map(|entry| entry.path());
        folders.filter(|folder| folder.is_dir()).max_by_key(|folder| modified(folder))
    })
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}
