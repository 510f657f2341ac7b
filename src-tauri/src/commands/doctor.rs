//! Validation and conversion of datasets.

use std::path::Path;

use studio::{
    DatasetSource, Result,
    datasets::{Converted, Diagnosis, ProblemFile, Shape},
    platform::Progress,
};
use tauri::{State, ipc::Channel};

use crate::app_state::AppState;

/// Validates every row of a dataset against the shape of its rows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn diagnose_dataset(
    app: State<'_, AppState>,
    source: DatasetSource,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Diagnosis> {
    let studio = app.studio().await?;
    app.run(task, on_progress, async |work| studio.datasets().diagnose(&source, &work).await).await
}

/// Writes every problem of a dataset into a CSV file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_problems(
    app: State<'_, AppState>,
    source: DatasetSource,
    target: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<ProblemFile> {
    let (studio, target) = (app.studio().await?, Path::new(&target));
    let list = async |work| studio.datasets().list_problems(&source, target, &work).await;
    app.run(task, on_progress, list).await.map(|(file, _)| file)
}

/// Writes the rows of a dataset into a new file, in another shape or format.
#[tauri::command]
#[specta::specta]
pub(crate) async fn convert_dataset(
    app: State<'_, AppState>,
    source: DatasetSource,
    to: Shape,
    target: String,
    replace: bool,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Converted> {
    let (studio, target) = (app.studio().await?, Path::new(&target));
    let convert = async |work| studio.datasets().convert(&source, to, target, replace, &work).await;
    app.run(task, on_progress, convert).await
}
