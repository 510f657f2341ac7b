//! What interpreters reported, kept until their libraries change.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use crate::{Accelerator, Interpreter};

/// An interpreter, and when its libraries last changed.
type Key = (PathBuf, Option<SystemTime>);

/// The answers of interpreters. Every plan of a training needs them, and to list accelerators an
/// interpreter imports PyTorch, which takes seconds. Cheap to clone; clones share the answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProbeCache {
    pub(crate) interpreters: Answers<Interpreter>,
    pub(crate) accelerators: Answers<Vec<Accelerator>>,
}

/// The answers to one question.
#[derive(Debug, Clone)]
pub(crate) struct Answers<T>(Arc<Mutex<HashMap<Key, T>>>);

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone> Answers<T> {
    /// The answer for this key, if there is one.
    pub(crate) fn get(&self, key: &Key) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Keeps an answer.
    pub(crate) fn insert(&self, key: Key, answer: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, answer);
    }
}

/// The key of an interpreter with the libraries that it has now.
pub(crate) fn key(python: &Path) -> Key {
    (python.to_owned(), libraries_changed(python))
}

/// When a library was last installed or removed, by the times of the `site-packages` folders.
fn libraries_changed(python: &Path) -> Option<SystemTime> {
    let prefix = python.parent()?.parent()?;
    let lib = prefix.join(if cfg!(windows) { "Lib" } else { "lib" });
    let versions = fs::read_dir(&lib).ok()?.flatten().map(|entry| entry.path().join("site-packages"));
    versions
        .chain([lib.join("site-packages")])
        .filter_map(|folder| fs::metadata(folder).ok()?.modified().ok())
        .max()
}
