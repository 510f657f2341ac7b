//! The folders that the program uses.

use studio::{Error, Folder, FolderUse, Result, Studio};
use tauri::State;

use crate::app_state::AppState;

/// The folders of the program on this machine, and of the open workspace if there is one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn folders(app: State<'_, AppState>) -> Result<Vec<Folder>> {
    all_folders(&app).await
}

async fn all_folders(app: &AppState) -> Result<Vec<Folder>> {
    let studio = app.studio().await.ok();
    studio::folders(app.hub(), studio.as_ref().map(Studio::path)).await
}

/// Opens one of these folders in the file browser of the operating system.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_folder(app: State<'_, AppState>, what: FolderUse) -> Result<()> {
    let folders = all_folders(&app).await?;
    let Some(folder) = folders.iter().find(|folder| folder.what == what) else { return Ok(()) };
    open::that_detached(&folder.path).map_err(|error| Error::file("open", folder.path.as_ref(), &error))
}
