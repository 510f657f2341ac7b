//! The folders that the program uses.

use studio::{Error, Folder, FolderUse, Result};
use tauri::State;

use crate::desk::Desk;

/// Where things are on this machine.
#[tauri::command]
#[specta::specta]
pub(crate) async fn folders(desk: State<'_, Desk>) -> Result<Vec<Folder>> {
    desk.studio().await?.folders().await
}

/// Shows one of these folders in the system's file browser.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_folder(desk: State<'_, Desk>, what: FolderUse) -> Result<()> {
    let folders = desk.studio().await?.folders().await?;
    let Some(folder) = folders.iter().find(|folder| folder.what == what) else { return Ok(()) };
    open::that_detached(&folder.path).map_err(|error| Error::file("open", folder.path.as_ref(), &error))
}
