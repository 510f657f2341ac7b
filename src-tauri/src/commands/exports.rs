//! Exports of models and adapters.

use studio::{
    Result,
    exports::{ExportPlan, ExportRequest, StoredReport},
    store::Run,
};
use tauri::State;

use crate::app_state::AppState;

/// What starting an export would do.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_export(app: State<'_, AppState>, request: ExportRequest) -> Result<ExportPlan> {
    app.studio().await?.exports().plan(&request).await
}

/// Starts an export.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_export(app: State<'_, AppState>, request: ExportRequest) -> Result<Run> {
    app.studio().await?.exports().start(&request).await
}

/// What came of the export with that run.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_report(app: State<'_, AppState>, run: String) -> Result<StoredReport> {
    app.studio().await?.exports().report(&run).await
}

/// Removes an export that is over: its run, its folder and its report. What it wrote stays.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_export(app: State<'_, AppState>, run: String) -> Result<Run> {
    app.studio().await?.exports().remove(&run).await
}
