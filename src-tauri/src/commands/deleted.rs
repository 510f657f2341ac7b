//! Deleted rows.

use studio::{
    Result,
    schema::Row,
    store::{DeletedPage, Obstacle, RowKey, UndeleteRequest, Undeleted},
};
use tauri::State;

use crate::app_state::AppState;

/// A page of the deletions, the latest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deleted(app: State<'_, AppState>, offset: u32, limit: u32) -> Result<DeletedPage> {
    app.studio().await?.store().deleted(offset, limit).await
}

/// A deleted row with its values.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deleted_row(app: State<'_, AppState>, deletion: i64, key: RowKey) -> Result<Row> {
    app.studio().await?.store().deleted_row(deletion, &key).await
}

/// The problems that undeleting a deletion, or some rows of it, would have.
#[tauri::command]
#[specta::specta]
pub(crate) async fn obstacles(
    app: State<'_, AppState>,
    deletion: i64,
    rows: Option<Vec<RowKey>>,
) -> Result<Vec<Obstacle>> {
    app.studio().await?.store().obstacles(deletion, rows).await
}

/// Undeletes a deletion or some rows of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undelete(
    app: State<'_, AppState>,
    deletion: i64,
    request: UndeleteRequest,
) -> Result<Undeleted> {
    app.studio().await?.store().undelete(deletion, &request).await
}

/// Deletes a deletion's rows for good.
#[tauri::command]
#[specta::specta]
pub(crate) async fn purge(app: State<'_, AppState>, deletion: i64) -> Result<()> {
    app.studio().await?.trash().purge(deletion).await
}
