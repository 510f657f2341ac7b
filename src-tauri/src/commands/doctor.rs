//! The doctor for datasets.

use std::path::Path;

use studio::{
    Result,
    datasets::{Converted, Diagnosis, ProblemFile, Shape},
    work::Progress,
};
use tauri::{State, ipc::Channel};

use crate::desk::Desk;

/// Holds every row of a dataset (by id) or of a file (by path) against the shape of its rows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn diagnose_dataset(
    desk: State<'_, Desk>,
    source: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Diagnosis> {
    let studio = desk.studio().await?;
    desk.run(task, on_progress, async |work| studio.datasets().diagnose(&source, &work).await).await
}

/// Writes every problem of a dataset (by id) or of a file (by path) into a CSV file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_problems(
    desk: State<'_, Desk>,
    source: String,
    target: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<ProblemFile> {
    let (studio, target) = (desk.studio().await?, Path::new(&target));
    let list = async |work| studio.datasets().list_problems(&source, target, &work).await;
    desk.run(task, on_progress, list).await.map(|(file, _)| file)
}

/// Writes the rows of a dataset (by id) or of a file (by path) into a new file, in another shape or
/// format.
#[tauri::command]
#[specta::specta]
pub(crate) async fn convert_dataset(
    desk: State<'_, Desk>,
    source: String,
    to: Shape,
    target: String,
    replace: bool,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Converted> {
    let (studio, target) = (desk.studio().await?, Path::new(&target));
    let convert = async |work| studio.datasets().convert(&source, to, target, replace, &work).await;
    desk.run(task, on_progress, convert).await
}
