//! What exists at the paths that rows contain. The file system is asked once for each path.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// What exists at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathKind {
    /// Nothing.
    Nothing,
    /// A folder.
    Folder,
    /// A file, or something else that is not a folder.
    File,
}

/// The paths that were looked up so far.
#[derive(Debug, Default)]
pub struct PathKinds {
    known: HashMap<PathBuf, PathKind>,
}

impl PathKinds {
    /// What exists at a path. If its folder does not exist, the file system is not asked again, so
    /// thousands of files on a disk that is not mounted take one call.
    pub fn at(&mut self, path: &Path) -> PathKind {
        if let Some(place) = self.known.get(path) {
            return *place;
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let place = match parent.map(|parent| self.at(parent)) {
            Some(PathKind::Nothing) => PathKind::Nothing,
            _ => match std::fs::metadata(path) {
                Ok(found) if found.is_dir() => PathKind::Folder,
                Ok(_) => PathKind::File,
                Err(_) => PathKind::Nothing,
            },
        };
        self.known.insert(path.to_owned(), place);
        place
    }
}

#[cfg(test)]
mod tests;
