//! The open workspace, and the work under way.

use std::{path::Path, time::Instant};

use serde::Serialize;
use studio::{Result, Workspace, store::Finding};
use tauri::State;

use crate::{app_state::AppState, recent};

/// The open workspace, and those that were opened before it.
#[derive(Debug, Serialize, specta::Type)]
pub(crate) struct OpenWorkspace {
    #[serde(flatten)]
    workspace: Workspace,
    /// Recently opened databases, this one included.
    recent: Vec<String>,
}

/// The time at which the program started.
pub(crate) struct Started(pub(crate) Instant);

/// Reports that the page can be used. The first report logs the time since the start of the program.
#[tauri::command]
#[specta::specta]
pub(crate) fn shown(app: State<'_, AppState>, started: State<'_, Started>) {
    if app.set_shown() {
        tracing::info!("The window was usable after {} ms", started.0.elapsed().as_millis());
    }
}

/// The open workspace.
///
/// # Errors
///
/// None is open. The error says why.
#[tauri::command]
#[specta::specta]
pub(crate) async fn workspace(app: State<'_, AppState>) -> Result<OpenWorkspace> {
    Ok(OpenWorkspace { workspace: app.studio().await?.workspace().await?, recent: recent::list() })
}

/// Opens another database in place of the open one. It is created if it does not exist.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_workspace(app: State<'_, AppState>, path: String) -> Result<OpenWorkspace> {
    let studio = app.switch(Path::new(&path)).await?;
    Ok(OpenWorkspace { workspace: studio.workspace().await?, recent: recent::list() })
}

/// Checks the whole database.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check(app: State<'_, AppState>) -> Result<Vec<Finding>> {
    app.studio().await?.check().await
}

/// Cancels the task of that name, and returns whether there is one.
#[tauri::command]
#[specta::specta]
pub(crate) fn cancel(app: State<'_, AppState>, task: String) -> bool {
    app.cancel(&task)
}
