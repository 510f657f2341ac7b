//! The dataset files that a host displays and other programs may change.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use datasets::{DatasetFile, FileState};

/// The largest number of files, more than a window displays at once.
const MOST: usize = 4;

/// The dataset files whose states were requested last. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct ShownFiles(Arc<Mutex<VecDeque<(String, FileState)>>>);

impl ShownFiles {
    /// Adds the file of the dataset with this id, with its size and time of modification.
    pub(crate) fn add(&self, dataset: &str, state: &FileState) {
        let mut shown = self.shown();
        shown.retain(|(id, _)| id != dataset);
        shown.push_back((dataset.to_owned(), state.clone()));
        if shown.len() > MOST {
            shown.pop_front();
        }
    }

    /// Removes those that changed since, and returns the ids of their datasets.
    pub(crate) fn take_changed(&self) -> Vec<String> {
        let mut changed = Vec::new();
        self.shown().retain(|(id, state)| {
            let same = FileState::at_a_glance(DatasetFile::new(&state.path, state.options.clone()), None).now
                == state.now;
            if !same {
                changed.push(id.clone());
            }
            same
        });
        changed
    }

    fn shown(&self) -> MutexGuard<'_, VecDeque<(String, FileState)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_a_shown_file_is_found_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.jsonl");
        let shown = ShownFiles::default();
        let show = || shown.add("dataset", &FileState::at_a_glance(&path, None));
        show();
        assert!(shown.take_changed().is_empty());
        for content in ["{}\n", "{}\n{}\n"] {
            std::fs::write(&path, content).unwrap();
            assert_eq!(shown.take_changed(), ["dataset"]);
            assert!(shown.take_changed().is_empty());
            show();
        }
        std::fs::remove_file(&path).unwrap();
        assert_eq!(shown.take_changed(), ["dataset"]);
    }

    #[test]
    fn the_files_shown_last_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let shown = ShownFiles::default();
        let path = |id: usize| folder.path().join(id.to_string());
        for id in 0..=MOST {
            shown.add(&id.to_string(), &FileState::at_a_glance(path(id), None));
        }
        for id in 0..=MOST {
            std::fs::write(path(id), "now it is there").unwrap();
        }
        assert_eq!(shown.take_changed(), (1..=MOST).map(|id| id.to_string()).collect::<Vec<_>>());
    }
}
