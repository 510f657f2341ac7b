//! The local cache of the Hub, which the Hugging Face libraries share
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
use weights::{missing_weights, snapshot_of};

use crate::HubKind;

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

impl CachedKind {
    /// The kind of repository on the Hub, where adapters are models.
    pub const fn on_hub(self) -> HubKind {
        match self {
            Self::Model | Self::Adapter => HubKind::Model,
            Self::Dataset => HubKind::Dataset,
        }
    }
}

/// Whether a cached repository can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum CachedState {
    /// Nothing is known to be missing.
    Complete,
    /// Files are missing that a download would fetch.
    Unfinished,
    /// Files were removed from the cache that its links still name.
    Broken,
}

/// A repository in the local cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Cached {
    /// The kind.
    pub kind: CachedKind,
    /// The name on the Hub.
    pub name: String,
    /// The commit of `main` when it was downloaded, else that of the latest download; empty if no file
    /// is downloaded yet.
    pub revision: String,
    /// The folder with the files of this revision; that of the repository if it has none.
    pub folder: String,
    /// The bytes of all revisions.
    pub bytes: u64,
    /// When it was last read or downloaded, in UTC.
    pub last_used: Option<String>,
    /// Whether it can be used.
    pub state: CachedState,
    /// What is wrong and what to do, in sentences, unless it is complete.
    pub problem: Option<String>,
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

/// A repository's folder; `None` if it is none, or nothing of it was ever downloaded.
pub(crate) fn cached(folder: &Path) -> Option<Cached> {
    let (kind, name) = cached_repository(folder.file_name()?.to_str()?)?;
    let snapshot = snapshot_of(folder);
    let blobs = Blobs::read(&folder.join("blobs"));
    if snapshot.is_none() && blobs.finished + blobs.unfinished == 0 {
        return None;
    }
    let files = snapshot.as_deref().map(Files::read).unwrap_or_default();
    let kind = match (kind, &snapshot) {
        ("datasets", _) => CachedKind::Dataset,
        (_, Some(snapshot)) if snapshot.join("adapter_config.json").exists() => CachedKind::Adapter,
        _ => CachedKind::Model,
    };
    let missing = snapshot.as_deref().filter(|_| kind != CachedKind::Dataset).map(missing_weights);
    let (state, problem) = state(folder, &files, &missing.unwrap_or_default(), snapshot.is_some(), &blobs);
    let used = snapshot.as_deref().and_then(last_used).and_then(|time| jiff::Timestamp::try_from(time).ok());
    Some(Cached {
        kind,
        name,
        revision: snapshot
            .iter()
            .filter_map(|path| path.file_name())
            .map(|name| name.to_string_lossy())
            .collect(),
        // Snapshots link to the blobs. On systems without links, and in copies, they contain the files.
        bytes: folder_size(&folder.join("blobs")) + Files::read(&folder.join("snapshots")).bytes,
        folder: snapshot.as_deref().unwrap_or(folder).display().to_string(),
        last_used: used.map(|time| time.to_string()),
        state,
        problem,
    })
}

fn state(
    folder: &Path,
    files: &Files,
    missing: &[String],
    has_revision: bool,
    blobs: &Blobs,
) -> (CachedState, Option<String>) {
    let Files { number, broken, .. } = files;
    if !broken.is_empty() {
        let problem = format!(
            "{} of its {number} files lead nowhere, because their contents were removed from the cache. \
             Download it again, or delete {}.",
            broken.len(),
            folder.display()
        );
        return (CachedState::Broken, Some(problem));
    }
    let what = match (missing, blobs.unfinished) {
        _ if !has_revision => "none of its files is complete".to_owned(),
        ([name], _) => format!("{name} is missing"),
        ([first, rest @ ..], _) => format!("{first} and {} more files are missing", rest.len()),
        ([], 0) => return (CachedState::Complete, None),
        ([], 1) => "one file is incomplete".to_owned(),
        ([], unfinished) => format!("{unfinished} files are incomplete"),
    };
    (CachedState::Unfinished, Some(format!("Its download is not finished: {what}. Download it again.")))
}

/// The files below a folder of revisions.
#[derive(Debug, Default)]
struct Files {
    number: usize,
    /// Links that lead nowhere.
    broken: Vec<PathBuf>,
    /// The bytes of the files that are no links.
    bytes: u64,
}

impl Files {
    fn read(folder: &Path) -> Self {
        let mut files = Self::default();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let Ok(metadata) = fs::symlink_metadata(entry.path()) else { continue };
                if metadata.is_dir() {
                    folders.push(entry.path());
                    continue;
                }
                files.number += 1;
                if metadata.is_file() {
                    files.bytes += metadata.len();
                } else if fs::metadata(entry.path()).is_err() {
                    files.broken.push(entry.path());
                }
            }
        }
        files
    }
}

/// The contents of a repository's files.
#[derive(Debug, Default)]
struct Blobs {
    finished: usize,
    /// Downloads that were interrupted, or are under way.
    unfinished: usize,
}

impl Blobs {
    fn read(folder: &Path) -> Self {
        let mut blobs = Self::default();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "incomplete") {
                blobs.unfinished += 1;
            } else {
                blobs.finished += 1;
            }
        }
        blobs
    }
}

/// The folder of a repository in the cache, which need not exist.
pub(crate) fn repository(cache: &Path, kind: &str, name: &str) -> PathBuf {
    cache.join(format!("{kind}--{}", name.replace('/', "--")))
}

/// The latest time at which one of the files was read or written. Not every system records reads.
fn last_used(snapshot: &Path) -> Option<SystemTime> {
    let files = fs::read_dir(snapshot).ok()?.flatten();
    let metadata = files.filter_map(|file| fs::metadata(file.path()).ok());
    metadata.flat_map(|file| [file.accessed().ok(), file.modified().ok()]).flatten().max()
}
