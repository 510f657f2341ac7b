//! Tags and saved filters.

use studio::{
    Result,
    schema::TableName,
    store::{SavedFilter, TagCount, View},
};
use tauri::State;

use crate::app_state::AppState;

/// Adds tags to rows; returns how many were added that the rows did not have.
#[tauri::command]
#[specta::specta]
pub(crate) async fn tag(
    app: State<'_, AppState>,
    table: TableName,
    ids: Vec<String>,
    tags: Vec<String>,
) -> Result<u64> {
    app.studio().await?.store().tag(table, &ids, &tags).await
}

/// Removes tags from rows; returns how many the rows had.
#[tauri::command]
#[specta::specta]
pub(crate) async fn untag(
    app: State<'_, AppState>,
    table: TableName,
    ids: Vec<String>,
    tags: Vec<String>,
) -> Result<u64> {
    app.studio().await?.store().untag(table, &ids, &tags).await
}

/// All tags of one table or of all, by name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn tags(app: State<'_, AppState>, table: Option<TableName>) -> Result<Vec<TagCount>> {
    app.studio().await?.store().tags(table).await
}

/// Renames a tag on every row; returns how many rows have it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rename_tag(app: State<'_, AppState>, from: String, to: String) -> Result<u64> {
    app.studio().await?.store().rename_tag(&from, &to).await
}

/// Removes a tag from every row; returns how many rows had it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_tag(app: State<'_, AppState>, tag: String) -> Result<u64> {
    app.studio().await?.store().delete_tag(&tag).await
}

/// The saved filters of a table, by name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn saved_filters(app: State<'_, AppState>, table: TableName) -> Result<Vec<SavedFilter>> {
    app.studio().await?.store().saved_filters(table).await
}

/// Saves a view under a name, in place of one that has the name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_filter(
    app: State<'_, AppState>,
    table: TableName,
    name: String,
    view: View,
) -> Result<SavedFilter> {
    app.studio().await?.store().save_filter(table, &name, &view).await
}

/// Renames a saved filter.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rename_filter(
    app: State<'_, AppState>,
    table: TableName,
    from: String,
    to: String,
) -> Result<()> {
    app.studio().await?.store().rename_filter(table, &from, &to).await
}

/// Deletes a saved filter.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_filter(app: State<'_, AppState>, table: TableName, name: String) -> Result<()> {
    app.studio().await?.store().delete_filter(table, &name).await
}
