//! The local cache of the hub, which the Hugging Face libraries share
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
    /// The kind of a cached repository.
    pub enum CachedKind {
        /// A base model.
        Model = "model", "Model";
        /// A PEFT adapter.
        Adapter = "adapter", "Adapter";
        /// A dataset.
        Dataset = "dataset", "Dataset";
    }
}

/// A repository in the local cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Cached {
    /// The kind.
    pub kind: CachedKind,
    /// The name on the hub.
    pub name: String,
    /// The commit of `main` when it was downloaded, else that of the latest download.
    pub revision: String,
    /// The folder with the files of this revision.
    pub folder: String,
    /// The bytes of all revisions.
    pub bytes: u64,
    /// When it was last read or downloaded, in UTC.
    pub last_used: Option<String>,
}

/// Lists the cache, the last used repository first. A missing folder is an empty cache.
pub(crate) fn list(cache: &Path) -> Result<Vec<Cached>> {
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
    // Snapshots link to the blobs. On systems without links they contain the files.
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
pub(crate) fn find(cache: &Path, kind: &str, name: &str) -> Option<PathBuf> {
    snapshot(&cache.join(format!("{kind}--{}", name.replace('/', "--"))))
}

/// The folder of the revision of `main`, else of the latest download.
fn snapshot(repository: &Path) -> Option<PathBuf> {
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

/// The latest time at which one of the files was read or written. Not every system records reads.
fn last_used(snapshot: &Path) -> Option<SystemTime> {
    let files = fs::read_dir(snapshot).ok()?.flatten();
    let metadata = files.filter_map(|file| fs::metadata(file.path()).ok());
    metadata.flat_map(|file| [file.accessed().ok(), file.modified().ok()]).flatten().max()
}
