//! Rows of any table.

use studio::{
    Result,
    resources::TableName,
    schema::Row,
    store::{Created, Deleted, DeletionPlan, Dependents, Lineage, ListQuery, Listed, Matches, Page, Use},
};
use tauri::State;

use crate::desk::Desk;

/// A page of a table's rows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list(desk: State<'_, Desk>, table: TableName, query: ListQuery) -> Result<Page> {
    desk.studio().await?.store().list(table, &query).await
}

/// The first rows of every table that match a search, at most so many of each.
#[tauri::command]
#[specta::specta]
pub(crate) async fn search_everywhere(
    desk: State<'_, Desk>,
    search: String,
    limit: u32,
) -> Result<Vec<Matches>> {
    desk.studio().await?.store().search_everywhere(&search, limit).await
}

/// One row.
#[tauri::command]
#[specta::specta]
pub(crate) async fn get(desk: State<'_, Desk>, table: TableName, id: String) -> Result<Listed> {
    desk.studio().await?.store().get(table, &id).await
}

/// Who refers to a row.
#[tauri::command]
#[specta::specta]
pub(crate) async fn used_by(desk: State<'_, Desk>, table: TableName, id: String) -> Result<Vec<Use>> {
    desk.studio().await?.store().used_by(table, &id).await
}

/// What a row comes from and what came of it, up to so many steps away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lineage(
    desk: State<'_, Desk>,
    table: TableName,
    id: String,
    depth: u32,
) -> Result<Lineage> {
    desk.studio().await?.store().lineage(table, &id, depth).await
}

/// Makes a row, or recognises that it is there already.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create(desk: State<'_, Desk>, table: TableName, fields: Row) -> Result<Created> {
    desk.studio().await?.rows().create(table, fields).await
}

/// Changes the given fields of a row; null clears one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn update(
    desk: State<'_, Desk>,
    table: TableName,
    id: String,
    fields: Row,
) -> Result<Listed> {
    desk.studio().await?.rows().update(table, &id, fields).await
}

/// Makes a row that says the same under a new id.
#[tauri::command]
#[specta::specta]
pub(crate) async fn duplicate(desk: State<'_, Desk>, table: TableName, id: String) -> Result<Created> {
    desk.studio().await?.rows().duplicate(table, &id).await
}

/// What deleting rows would do.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deletion_plan(
    desk: State<'_, Desk>,
    table: TableName,
    ids: Vec<String>,
) -> Result<DeletionPlan> {
    desk.studio().await?.store().deletion_plan(table, &ids).await
}

/// Deletes rows, with or without what refers to them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete(
    desk: State<'_, Desk>,
    table: TableName,
    ids: Vec<String>,
    dependents: Dependents,
) -> Result<Deleted> {
    desk.studio().await?.store().delete(table, &ids, dependents).await
}
