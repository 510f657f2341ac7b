//! Files that a person opened with the program: by its argument, from a file browser, by a second start.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use serde::Serialize;
use tauri::{AppHandle, Manager as _, Runtime};
use tauri_specta::Event as _;

/// The file that was opened last, until the page takes it: the page may not be there yet.
#[derive(Debug, Default)]
pub(crate) struct Opened(Mutex<Option<PathBuf>>);

/// A file was opened with the program. The page takes it with `take_opened_file`.
#[derive(Debug, Clone, Serialize, specta::Type, tauri_specta::Event)]
pub(crate) struct FileOpened;

impl Opened {
    /// The file, which is taken only once.
    pub(crate) fn take(&self) -> Option<PathBuf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Has the page show the plan of importing this file.
pub fn open<R: Runtime>(app: &AppHandle<R>, path: PathBuf) {
    let opened = app.state::<Opened>();
    *opened.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
    if let Err(error) = FileOpened.emit(app) {
        tracing::warn!("the window was not told of an opened file: {error}");
    }
}
