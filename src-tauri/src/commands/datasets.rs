//! Dataset files.

use std::path::Path;

use studio::{
    Result,
    datasets::{Preview, Scan},
    store::Created,
    work::Progress,
};
use tauri::{State, ipc::Channel};

use crate::desk::Desk;

/// A page of rows of a dataset (by id) or of a file (by path).
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_dataset(
    desk: State<'_, Desk>,
    source: String,
    offset: u32,
    limit: u32,
) -> Result<Preview> {
    desk.studio().await?.datasets().preview(&source, offset.into(), limit.into()).await
}

/// A page of rows of one split of a folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_split(
    desk: State<'_, Desk>,
    source: String,
    split: String,
    offset: u32,
    limit: u32,
) -> Result<Preview> {
    desk.studio().await?.datasets().preview_split(&source, &split, offset.into(), limit.into()).await
}

/// Reads a whole file and says what is in it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn scan_dataset(
    desk: State<'_, Desk>,
    path: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Scan> {
    let studio = desk.studio().await?;
    desk.run(task, on_progress, async |work| studio.datasets().scan(Path::new(&path), &work).await).await
}

/// Makes a dataset of a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_dataset(
    desk: State<'_, Desk>,
    path: String,
    name: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Created> {
    let (studio, path) = (desk.studio().await?, Path::new(&path));
    desk.run(task, on_progress, async |work| studio.datasets().import(path, Some(&name), &work).await).await
}
