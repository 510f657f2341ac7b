//! The content and the state of a dataset's file.

use studio::{
    DatasetSource, Relocated, Result,
    datasets::{DatasetFile, FileState, Profile, ReadOptions},
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

/// Replaces the file of a dataset, by another one or by the current content of the same one. Without options
/// it is read as before.
#[tauri::command]
#[specta::specta]
pub(crate) async fn relocate_dataset(
    app: State<'_, AppState>,
    id: String,
    path: String,
    task: String,
    on_progress: Channel<Progress>,
    options: Option<ReadOptions>,
) -> Result<Relocated> {
    let studio = app.studio().await?;
    let file = DatasetFile::new(path, options.unwrap_or_default());
    app.run(task, on_progress, async |work| studio.datasets().relocate(&id, &file, &work).await).await
}
