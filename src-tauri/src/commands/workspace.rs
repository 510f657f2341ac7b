//! What is open, and the work under way.

use std::{path::Path, time::Instant};

use serde::Serialize;
use studio::{Result, Workspace, store::Finding};
use tauri::State;

use crate::{desk::Desk, recent};

/// The open studio, and those opened before it.
#[derive(Debug, Serialize, specta::Type)]
pub(crate) struct OpenWorkspace {
    #[serde(flatten)]
    workspace: Workspace,
    /// Databases opened lately, this one included.
    recent: Vec<String>,
}

/// When the program was started.
pub(crate) struct Started(pub(crate) Instant);

/// The page can be used. The first time, the log says how long that took.
#[tauri::command]
#[specta::specta]
pub(crate) fn shown(desk: State<'_, Desk>, started: State<'_, Started>) {
    if desk.shown() {
        tracing::info!("The window was usable after {} ms", started.0.elapsed().as_millis());
    }
}

/// What is open; the reason if nothing is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn workspace(desk: State<'_, Desk>) -> Result<OpenWorkspace> {
    Ok(OpenWorkspace { workspace: desk.studio().await?.workspace().await?, recent: recent::list() })
}

/// Opens another database in place of this one, made if there is none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_workspace(desk: State<'_, Desk>, path: String) -> Result<OpenWorkspace> {
    let studio = desk.switch(Path::new(&path)).await?;
    Ok(OpenWorkspace { workspace: studio.workspace().await?, recent: recent::list() })
}

/// Looks for what is broken or odd.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check(desk: State<'_, Desk>) -> Result<Vec<Finding>> {
    desk.studio().await?.check().await
}

/// Stops the work started under that name; false if there is none.
#[tauri::command]
#[specta::specta]
pub(crate) fn cancel(desk: State<'_, Desk>, task: String) -> bool {
    desk.cancel(&task)
}
