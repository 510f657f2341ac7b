//! Rows of any table.

use studio::{
    Result,
    schema::{Row, TableName},
    store::{Created, Deleted, DeletionPlan, Dependents, Lineage, ListQuery, Listed, Matches, Page, Use},
};
use tauri::State;

use crate::app_state::AppState;

/// A page of a table's rows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list(app: State<'_, AppState>, table: TableName, query: ListQuery) -> Result<Page> {
    app.studio().await?.store().list(table, &query).await
}

/// The first rows of every table that match a search, at most `limit` of each.
#[tauri::command]
#[specta::specta]
pub(crate) async fn search_everywhere(
    app: State<'_, AppState>,
    search: String,
    limit: u32,
) -> Result<Vec<Matches>> {
    app.studio().await?.store().search_everywhere(&search, limit).await
}

/// One row.
#[tauri::command]
#[specta::specta]
pub(crate) async fn get(app: State<'_, AppState>, table: TableName, id: String) -> Result<Listed> {
    app.studio().await?.store().get(table, &id).await
}

/// The rows that refer to a row.
#[tauri::command]
#[specta::specta]
pub(crate) async fn used_by(app: State<'_, AppState>, table: TableName, id: String) -> Result<Vec<Use>> {
    app.studio().await?.store().used_by(table, &id).await
}

/// The rows that a row was made from and those that were made from it, up to `depth` references away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lineage(
    app: State<'_, AppState>,
    table: TableName,
    id: String,
    depth: u32,
) -> Result<Lineage> {
    app.studio().await?.store().lineage(table, &id, depth).await
}

/// Creates a row, unless an identical one exists.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create(app: State<'_, AppState>, table: TableName, fields: Row) -> Result<Created> {
    app.studio().await?.rows().create(table, fields).await
}

/// Changes the given fields of a row; null clears one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn update(
    app: State<'_, AppState>,
    table: TableName,
    id: String,
    fields: Row,
) -> Result<Listed> {
    app.studio().await?.rows().update(table, &id, fields).await
}

/// Adds a copy of a row under a new id.
#[tauri::command]
#[specta::specta]
pub(crate) async fn duplicate(app: State<'_, AppState>, table: TableName, id: String) -> Result<Created> {
    app.studio().await?.rows().duplicate(table, &id).await
}

/// The effects of deleting rows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deletion_plan(
    app: State<'_, AppState>,
    table: TableName,
    ids: Vec<String>,
) -> Result<DeletionPlan> {
    app.studio().await?.store().deletion_plan(table, &ids).await
}

/// Deletes rows. The rows that refer to them lose the reference or are deleted too.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete(
    app: State<'_, AppState>,
    table: TableName,
    ids: Vec<String>,
    dependents: Dependents,
) -> Result<Deleted> {
    app.studio().await?.store().delete(table, &ids, dependents).await
}
