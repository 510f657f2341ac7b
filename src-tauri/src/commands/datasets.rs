//! Dataset files.

use std::path::Path;

use studio::{
    DatasetSource, Result,
    datasets::{Preview, Scan},
    store::Created,
    work::Progress,
};
use tauri::{State, ipc::Channel};

use crate::app_state::AppState;

/// A page of rows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_dataset(
    app: State<'_, AppState>,
    source: DatasetSource,
    offset: u32,
    limit: u32,
) -> Result<Preview> {
    app.studio().await?.datasets().preview(&source, offset.into(), limit.into()).await
}

/// A page of rows of one split of a folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_split(
    app: State<'_, AppState>,
    source: DatasetSource,
    split: String,
    offset: u32,
    limit: u32,
) -> Result<Preview> {
    app.studio().await?.datasets().preview_split(&source, &split, offset.into(), limit.into()).await
}

/// Reads a whole file: its rows, columns and problems.
#[tauri::command]
#[specta::specta]
pub(crate) async fn scan_dataset(
    app: State<'_, AppState>,
    path: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Scan> {
    let studio = app.studio().await?;
    app.run(task, on_progress, async |work| studio.datasets().scan(Path::new(&path), &work).await).await
}

/// Creates a dataset from a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_dataset(
    app: State<'_, AppState>,
    path: String,
    name: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Created> {
    let (studio, path) = (app.studio().await?, Path::new(&path));
    app.run(task, on_progress, async |work| studio.datasets().import(path, Some(&name), &work).await).await
}
