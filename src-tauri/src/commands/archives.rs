//! Archives: rows with their files.

use std::path::Path;

use studio::{
    Result,
    archive::{
        ArchiveExported, ArchiveImportPlan, ArchiveImportReport, ArchivePlan, ArchiveProgress, ArchiveRequest,
    },
    snapshot::ImportPolicy,
};
use tauri::{State, ipc::Channel};

use crate::app_state::AppState;

/// What an archive of these rows would hold, and the free room where it would be written.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_archive(
    app: State<'_, AppState>,
    path: Option<String>,
    request: ArchiveRequest,
    task: String,
    on_progress: Channel<ArchiveProgress>,
) -> Result<ArchivePlan> {
    let studio = app.studio().await?;
    let path = path.as_deref().map(Path::new);
    app.run(task, on_progress, async |work| studio.archives().plan(&request, path, &work).await).await
}

/// Writes an archive of these rows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_archive(
    app: State<'_, AppState>,
    path: String,
    request: ArchiveRequest,
    task: String,
    on_progress: Channel<ArchiveProgress>,
) -> Result<ArchiveExported> {
    let studio = app.studio().await?;
    let path = Path::new(&path);
    app.run(task, on_progress, async |work| studio.archives().export(path, &request, &work).await).await
}

/// Reads an archive and plans its import.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_archive_import(
    app: State<'_, AppState>,
    path: String,
    task: String,
    on_progress: Channel<ArchiveProgress>,
) -> Result<ArchiveImportPlan> {
    app.run(task, on_progress, async |work| app.plan_archive_import(Path::new(&path), &work).await).await
}

/// Chooses the folder for the files of the planned archive, and plans its import again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_archive_folder(app: State<'_, AppState>, to: String) -> Result<ArchiveImportPlan> {
    let mut archive = app.archive().await?;
    archive.choose(Path::new(&to)).await?;
    archive.plan().await
}

/// Imports the planned archive.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_archive(
    app: State<'_, AppState>,
    policy: ImportPolicy,
    task: String,
    on_progress: Channel<ArchiveProgress>,
) -> Result<ArchiveImportReport> {
    app.run(task, on_progress, async |work| app.import_archive(&policy, &work).await).await
}
