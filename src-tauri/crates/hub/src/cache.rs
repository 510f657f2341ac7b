//! The hub's local cache: what of the hub is on this machine already
//! (<https://huggingface.co/docs/huggingface_hub/guides/manage-cache>).

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use platform::disk::folder_size;
use resources::cached_repository;
use schema::{Result, text_enum};
use serde::Serialize;

text_enum! {
    /// What a cached repository holds.
    pub enum CachedKind {
        /// A base model.
        Model = "model", "Model";
        /// A PEFT adapter.
        Adapter = "adapter", "Adapter";
        /// A dataset.
        Dataset = "dataset", "Dataset";
    }
}

/// A repository of the hub as far as it is on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Cached {
    /// What it holds.
    pub kind: CachedKind,
    /// Its name on the hub.
    pub name: String,
    /// The commit that `main` was at, or the one fetched last.
    pub revision: String,
    /// The folder with that revision's files.
    pub folder: String,
    /// The bytes of all its revisions together.
    pub bytes: u64,
    /// When it was last read or fetched, in UTC.
    pub last_used: Option<String>,
}

/// Lists the cache, the last used first. A cache that isn't there is empty.
pub(super) fn list(cache: &Path) -> Result<Vec<Cached>> {
    let entries = match fs::read_dir(cache) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| schema::Error::file("read", cache, &error))?,
    };
    let mut found: Vec<Cached> = entries.flatten().filter_map(|entry| cached(&entry.path())).collect();
    found.sort_by(|a, b| b.last_used.cmp(&a.last_used).then_with(|| a.name.cmp(&b.name)));
    Ok(found)
}

fn cached(folder: &Path) -> Option<Cached> {
    let (kind, name) = cached_repository(folder.file_name()?.to_str()?)?;
    let snapshot = snapshot(folder)?;
    let kind = match kind {
        "datasets" => CachedKind::Dataset,
        _ if snapshot.join("adapter_config.json").exists() => CachedKind::Adapter,
        _ => CachedKind::Model,
    };
    // The snapshots only link to the blobs; without links they hold the files themselves.
    let blobs = folder.join("blobs");
    let bytes = if blobs.is_dir() { folder_size(&blobs) } else { folder_size(&folder.join("snapshots")) };
    Some(Cached {
        kind,
        name,
        revision: snapshot.file_name()?.to_string_lossy().into_owned(),
        folder: snapshot.display().to_string(),
        bytes,
        last_used: last_used(&snapshot)
            .and_then(|time| jiff::Timestamp::try_from(time).ok())
            .map(|t| t.to_string()),
    })
}

/// The folder of a repository's revision, if the repository is in the cache.
pub(super) fn find(cache: &Path, kind: &str, name: &str) -> Option<PathBuf> {
    snapshot(&cache.join(format!("{kind}--{}", name.replace('/', "--"))))
}

/// The revision that `main` points to, else the one that was fetched last.
fn snapshot(repository: &Path) -> Option<PathBuf> {
    let snapshots = repository.join("snapshots");
    let main = fs::read_to_string(repository.join("refs/main")).ok();
    let main = main.map(|commit| commit.trim().to_owned());
    // A commit is a name, never a path.
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

/// The latest time one of the files was read, where the system keeps that, or written.
fn last_used(snapshot: &Path) -> Option<SystemTime> {
    let files = fs::read_dir(snapshot).ok()?.flatten();
    let metadata = files.filter_map(|file| fs::metadata(file.path()).ok());
    metadata.flat_map(|file| [file.accessed().ok(), file.modified().ok()]).flatten().max()
}
