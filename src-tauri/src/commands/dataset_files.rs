//! The content and the state of a dataset's file.

use std::path::Path;

use studio::{
    DatasetSource, Relocated, Result,
    datasets::{FileState, Profile},
    platform::Progress,
};
use tauri::{State, ipc::Channel};

use crate::app_state::AppState;

/// The statistics of each column of a dataset.
#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_dataset(
    app: State<'_, AppState>,
    source: DatasetSource,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Profile> {
    let studio = app.studio().await?;
    app.run(task, on_progress, async |work| studio.datasets().profile(&source, &work).await).await
}

/// The state of a dataset's file, judged by its size and modification time.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dataset_file(app: State<'_, AppState>, id: String) -> Result<FileState> {
    app.studio().await?.datasets().file(&id).await
}

/// The state of a dataset's file, judged by its whole content.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_dataset_file(
    app: State<'_, AppState>,
    id: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<FileState> {
    let studio = app.studio().await?;
    app.run(task, on_progress, async |work| studio.datasets().verify_file(&id, &work).await).await
}

/// Replaces the file of a dataset, by another one or by the current content of the same one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn relocate_dataset(
    app: State<'_, AppState>,
    id: String,
    path: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Relocated> {
    let (studio, path) = (app.studio().await?, Path::new(&path));
    app.run(task, on_progress, async |work| studio.datasets().relocate(&id, path, &work).await).await
}
