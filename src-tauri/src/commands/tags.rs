//! Tags and saved filters.

use studio::{
    Result,
    resources::TableName,
    store::{SavedFilter, TagCount, View},
};
use tauri::State;

use crate::desk::Desk;

/// Puts tags on rows; returns how many were put that weren't there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn tag(
    desk: State<'_, Desk>,
    table: TableName,
    ids: Vec<String>,
    tags: Vec<String>,
) -> Result<u64> {
    desk.studio().await?.store().tag(table, &ids, &tags).await
}

/// Takes tags off rows; returns how many there were.
#[tauri::command]
#[specta::specta]
pub(crate) async fn untag(
    desk: State<'_, Desk>,
    table: TableName,
    ids: Vec<String>,
    tags: Vec<String>,
) -> Result<u64> {
    desk.studio().await?.store().untag(table, &ids, &tags).await
}

/// All tags of one table or of all, by name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn tags(desk: State<'_, Desk>, table: Option<TableName>) -> Result<Vec<TagCount>> {
    desk.studio().await?.store().tags(table).await
}

/// Calls a tag otherwise on every row.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rename_tag(desk: State<'_, Desk>, from: String, to: String) -> Result<u64> {
    desk.studio().await?.store().rename_tag(&from, &to).await
}

/// Takes a tag off every row.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_tag(desk: State<'_, Desk>, tag: String) -> Result<u64> {
    desk.studio().await?.store().delete_tag(&tag).await
}

/// The saved filters of a table, by name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn saved_filters(desk: State<'_, Desk>, table: TableName) -> Result<Vec<SavedFilter>> {
    desk.studio().await?.store().saved_filters(table).await
}

/// Keeps a view under a name, in place of one that has the name already.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_filter(
    desk: State<'_, Desk>,
    table: TableName,
    name: String,
    view: View,
) -> Result<SavedFilter> {
    desk.studio().await?.store().save_filter(table, &name, &view).await
}

/// Calls a saved filter otherwise.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rename_filter(
    desk: State<'_, Desk>,
    table: TableName,
    from: String,
    to: String,
) -> Result<()> {
    desk.studio().await?.store().rename_filter(table, &from, &to).await
}

/// Forgets a saved filter.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_filter(desk: State<'_, Desk>, table: TableName, name: String) -> Result<()> {
    desk.studio().await?.store().delete_filter(table, &name).await
}
