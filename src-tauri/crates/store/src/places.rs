//! Places on disk that many rows name: each is looked at once.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// What is at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Nothing,
    Folder,
    /// A file, or something else that is not a folder.
    File,
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Places {
    known: HashMap<PathBuf, Place>,
}

impl Places {
    /// What is at a path. Nothing is in a folder that does not exist, so thousands of files of a
    /// disk that is not mounted take one look.
    pub(super) fn at(&mut self, path: &Path) -> Place {
        if let Some(place) = self.known.get(path) {
            return *place;
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let place = match parent.map(|parent| self.at(parent)) {
            Some(Place::Nothing) => Place::Nothing,
            _ => match std::fs::metadata(path) {
                Ok(found) if found.is_dir() => Place::Folder,
                Ok(_) => Place::File,
                Err(_) => Place::Nothing,
            },
        };
        self.known.insert(path.to_owned(), place);
        place
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Places};

    #[test]
    fn places_are_what_the_disk_says() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(&file, "").unwrap();
        let mut places = Places::default();
        for _ in 0..2 {
            assert_eq!(places.at(folder.path()), Place::Folder);
            assert_eq!(places.at(&file), Place::File);
            assert_eq!(places.at(&file.join("b")), Place::Nothing);
            assert_eq!(places.at(&folder.path().join("no/such/file")), Place::Nothing);
        }
    }
}
