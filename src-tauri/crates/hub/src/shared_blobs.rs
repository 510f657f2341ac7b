//! Contents that several repositories of the local cache share.
//!
//! `huggingface_hub` keeps what came by Xet in `blobs/<2 digits>/<hash>` of the cache. A repository's blob is then
//! a link to it, and `<hash>.refs` beside it lists the links, a line each. A list that is missing or can't be read
//! means that the content stays.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use platform::FileLock;

/// The shared contents that the blobs of a repository are links to.
pub(crate) fn used_by(cache: &Path, repository: &Path) -> Vec<PathBuf> {
    let store = cache.join("blobs");
    let blobs = repository.join("blobs");
    let mut shared: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(&blobs).into_iter().flatten().flatten() {
        let Ok(target) = fs::read_link(entry.path()) else { continue };
        let target = without_parents(&blobs.join(target));
        let is_shared = target.strip_prefix(&store).is_ok_and(|below| below.components().count() == 2);
        if is_shared && is_file(&target) && !shared.contains(&target) {
            shared.push(target);
        }
    }
    shared
}

/// Removes a shared content that no repository links to any more. Returns the bytes that are free now.
pub(crate) fn remove_unused(cache: &Path, content: &Path) -> u64 {
    let beside = |ending: &str| content.with_added_extension(ending);
    // The lock under which other programs add links.
    let Ok(Some(_lock)) = FileLock::try_exclusive(&beside("lock")) else { return 0 };
    let Ok(links) = fs::read_to_string(beside("refs")) else { return 0 };
    let is_used = |link: &str| {
        let path = cache.join(link);
        let folder = path.parent().unwrap_or(cache);
        fs::read_link(&path).is_ok_and(|target| without_parents(&folder.join(target)) == content)
    };
    if links.is_empty() || links.lines().any(is_used) || !is_file(content) {
        return 0;
    }
    let bytes = fs::metadata(content).map_or(0, |metadata| metadata.len());
    if fs::remove_file(content).is_err() {
        return 0;
    }
    let _ = fs::remove_file(beside("refs"));
    bytes
}

fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file())
}

/// A path without `..`, by its text: links on the way are not followed.
fn without_parents(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => _ = result.pop(),
            Component::CurDir => {}
            other => result.push(other),
        }
    }
    result
}
