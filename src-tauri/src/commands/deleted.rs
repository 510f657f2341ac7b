//! Deleted rows.

use studio::{
    Result,
    schema::Row,
    store::{DeletedPage, Obstacle, RowKey, UndeleteRequest, Undeleted},
};
use tauri::State;

use crate::desk::Desk;

/// A page of the deletions, the latest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deleted(desk: State<'_, Desk>, offset: u32, limit: u32) -> Result<DeletedPage> {
    desk.studio().await?.store().deleted(offset, limit).await
}

/// A deleted row with its values.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deleted_row(desk: State<'_, Desk>, deletion: i64, key: RowKey) -> Result<Row> {
    desk.studio().await?.store().deleted_row(deletion, &key).await
}

/// The problems that undeleting a deletion, or some rows of it, would have.
#[tauri::command]
#[specta::specta]
pub(crate) async fn obstacles(
    desk: State<'_, Desk>,
    deletion: i64,
    rows: Option<Vec<RowKey>>,
) -> Result<Vec<Obstacle>> {
    desk.studio().await?.store().obstacles(deletion, rows).await
}

/// Undeletes a deletion or some rows of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undelete(
    desk: State<'_, Desk>,
    deletion: i64,
    request: UndeleteRequest,
) -> Result<Undeleted> {
    desk.studio().await?.store().undelete(deletion, &request).await
}

/// Deletes a deletion's rows for good.
#[tauri::command]
#[specta::specta]
pub(crate) async fn purge(desk: State<'_, Desk>, deletion: i64) -> Result<()> {
    desk.studio().await?.trash().purge(deletion).await
}
