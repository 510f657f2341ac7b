//! Dataset files.

use studio::{
    DatasetSource, Result,
    datasets::{DatasetFile, Preview, ReadOptions, Recognized, Scan},
    platform::Progress,
    runs::{LengthsRequest, TokenLengths},
    store::Created,
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

/// What a file is, and how it is read best; the file of a dataset as it is read now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn recognize_dataset(app: State<'_, AppState>, source: DatasetSource) -> Result<Recognized> {
    app.studio().await?.datasets().recognize(&source).await
}

/// Reads a whole file: its rows, columns and problems.
#[tauri::command]
#[specta::specta]
pub(crate) async fn scan_dataset(
    app: State<'_, AppState>,
    path: String,
    task: String,
    on_progress: Channel<Progress>,
    options: Option<ReadOptions>,
) -> Result<Scan> {
    let studio = app.studio().await?;
    let file = DatasetFile::new(path, options.unwrap_or_default());
    app.run(task, on_progress, async |work| studio.datasets().scan(&file, &work).await).await
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
    options: Option<ReadOptions>,
) -> Result<Created> {
    let studio = app.studio().await?;
    let file = DatasetFile::new(path, options.unwrap_or_default());
    app.run(task, on_progress, async |work| studio.datasets().import(&file, Some(&name), &work).await).await
}

/// The token lengths of all rows of a dataset as a training would be given them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn token_lengths(
    app: State<'_, AppState>,
    request: LengthsRequest,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<TokenLengths> {
    let studio = app.studio().await?;
    app.run(task, on_progress, async |work| studio.datasets().token_lengths(&request, &work).await).await
}
