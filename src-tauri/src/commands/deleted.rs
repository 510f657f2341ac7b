//! What was deleted.

use studio::{
    Result,
    schema::Row,
    store::{BringBack, BroughtBack, DeletedPage, Obstacle, RowKey},
};
use tauri::State;

use crate::desk::Desk;

/// A page of the deletions, the latest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deleted(desk: State<'_, Desk>, offset: u32, limit: u32) -> Result<DeletedPage> {
    desk.studio().await?.store().deleted(offset, limit).await
}

/// A deleted row as it was.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deleted_row(desk: State<'_, Desk>, deletion: i64, key: RowKey) -> Result<Row> {
    desk.studio().await?.store().deleted_row(deletion, &key).await
}

/// What keeps a deletion, or some rows of it, from coming back as it was.
#[tauri::command]
#[specta::specta]
pub(crate) async fn obstacles(
    desk: State<'_, Desk>,
    deletion: i64,
    rows: Option<Vec<RowKey>>,
) -> Result<Vec<Obstacle>> {
    desk.studio().await?.store().obstacles(deletion, rows).await
}

/// Brings back a deletion or some rows of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn bring_back(
    desk: State<'_, Desk>,
    deletion: i64,
    request: BringBack,
) -> Result<BroughtBack> {
    desk.studio().await?.store().bring_back(deletion, &request).await
}

/// Lets go of a deletion for good.
#[tauri::command]
#[specta::specta]
pub(crate) async fn purge(desk: State<'_, Desk>, deletion: i64) -> Result<()> {
    desk.studio().await?.trash().purge(deletion).await
}
