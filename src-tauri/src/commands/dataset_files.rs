//! What stands in a dataset's file, and what has become of it.

use std::path::Path;

use studio::{
    Relocated, Result,
    datasets::{FileState, Profile},
    work::Progress,
};
use tauri::{State, ipc::Channel};

use crate::desk::Desk;

/// What stands in each column of a dataset (by id) or of a file (by path).
#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_dataset(
    desk: State<'_, Desk>,
    source: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Profile> {
    let studio = desk.studio().await?;
    desk.run(task, on_progress, async |work| studio.datasets().profile(&source, &work).await).await
}

/// What has become of a dataset's file, by its size and time only.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dataset_file(desk: State<'_, Desk>, id: String) -> Result<FileState> {
    desk.studio().await?.datasets().file(&id).await
}

/// Compares the content of a dataset's file with what it was.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_dataset_file(
    desk: State<'_, Desk>,
    id: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<FileState> {
    let studio = desk.studio().await?;
    desk.run(task, on_progress, async |work| studio.datasets().verify_file(&id, &work).await).await
}

/// Takes another file, or the same one as it is now, for a dataset's.
#[tauri::command]
#[specta::specta]
pub(crate) async fn relocate_dataset(
    desk: State<'_, Desk>,
    id: String,
    path: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Relocated> {
    let (studio, path) = (desk.studio().await?, Path::new(&path));
    desk.run(task, on_progress, async |work| studio.datasets().relocate(&id, path, &work).await).await
}
