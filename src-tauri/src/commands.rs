//! What the window can ask of the core: one adapter an operation.

use std::path::Path;

use serde::Serialize;
use studio::{
    Result, Workspace,
    datasets::{Preview, Scan},
    resources::TableName,
    schema::Row,
    snapshot::{Conflict, ExportFormat, Exported, ImportPolicy, ImportReport, Plan},
    store::{
        Backup, BackupRule, Created, Deleted, DeletionPlan, Dependents, Finding, ListQuery, Listed, Page, Use,
    },
    work::Progress,
};
use tauri::{State, ipc::Channel};

use crate::{desk::Desk, recent};

/// The open studio, and those opened before it.
#[derive(Debug, Serialize, specta::Type)]
pub(crate) struct OpenWorkspace {
    #[serde(flatten)]
    workspace: Workspace,
    /// Databases opened lately, this one included.
    recent: Vec<String>,
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

/// A page of a table's rows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list(desk: State<'_, Desk>, table: TableName, query: ListQuery) -> Result<Page> {
    desk.studio().await?.list(table, &query).await
}

/// One row.
#[tauri::command]
#[specta::specta]
pub(crate) async fn get(desk: State<'_, Desk>, table: TableName, id: String) -> Result<Listed> {
    desk.studio().await?.get(table, &id).await
}

/// Who refers to a row.
#[tauri::command]
#[specta::specta]
pub(crate) async fn used_by(desk: State<'_, Desk>, table: TableName, id: String) -> Result<Vec<Use>> {
    desk.studio().await?.used_by(table, &id).await
}

/// Makes a row, or recognises that it is there already.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create(desk: State<'_, Desk>, table: TableName, fields: Row) -> Result<Created> {
    desk.studio().await?.create(table, fields).await
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
    desk.studio().await?.update(table, &id, fields).await
}

/// What deleting rows would do.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deletion_plan(
    desk: State<'_, Desk>,
    table: TableName,
    ids: Vec<String>,
) -> Result<DeletionPlan> {
    desk.studio().await?.deletion_plan(table, &ids).await
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
    desk.studio().await?.delete(table, &ids, dependents).await
}

/// A page of rows of a dataset (by id) or of a file (by path).
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_dataset(
    desk: State<'_, Desk>,
    source: String,
    offset: u32,
    limit: u32,
) -> Result<Preview> {
    desk.studio().await?.preview_dataset(&source, offset.into(), limit.into()).await
}

/// Reads a whole file and says what is in it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn scan_dataset(
    desk: State<'_, Desk>,
    path: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Scan> {
    let studio = desk.studio().await?;
    desk.run(task, on_progress, async |work| studio.scan_dataset(Path::new(&path), &work).await).await
}

/// Makes a dataset of a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_dataset(
    desk: State<'_, Desk>,
    path: String,
    name: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Created> {
    let (studio, path) = (desk.studio().await?, Path::new(&path));
    desk.run(task, on_progress, async |work| studio.import_dataset(path, Some(&name), &work).await).await
}

/// Writes the store, or only some tables of it, to a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_database(
    desk: State<'_, Desk>,
    path: String,
    format: ExportFormat,
    tables: Option<Vec<TableName>>,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Exported> {
    let studio = desk.studio().await?;
    let (path, tables) = (Path::new(&path), tables.as_deref());
    desk.run(task, on_progress, async |work| studio.export(path, format, tables, &work).await).await
}

/// Looks for what is broken or odd.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check(desk: State<'_, Desk>) -> Result<Vec<Finding>> {
    desk.studio().await?.check().await
}

/// Reads a snapshot or a database, and says what importing it would do.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_import(
    desk: State<'_, Desk>,
    path: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Plan> {
    desk.run(task, on_progress, async |work| desk.plan_import(Path::new(&path), &work).await).await
}

/// A page of the rows of the planned import that are here with other content.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_conflicts(
    desk: State<'_, Desk>,
    table: TableName,
    offset: u32,
    limit: u32,
) -> Result<Vec<Conflict>> {
    desk.staged().await?.conflicts(table, offset, limit).await
}

/// Carries out the planned import.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_snapshot(
    desk: State<'_, Desk>,
    policy: ImportPolicy,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<ImportReport> {
    desk.run(task, on_progress, async |work| desk.import(&policy, &work).await).await
}

/// Forgets the planned import.
#[tauri::command]
#[specta::specta]
pub(crate) async fn discard_import(desk: State<'_, Desk>) -> Result<()> {
    desk.discard_import().await;
    Ok(())
}

/// The backups of the open database, and which are kept.
#[derive(Debug, Serialize, specta::Type)]
pub(crate) struct Backups {
    /// Which are kept.
    rule: BackupRule,
    /// The backups, the latest first.
    backups: Vec<Backup>,
}

/// The backups of the open database.
#[tauri::command]
#[specta::specta]
pub(crate) async fn backups(desk: State<'_, Desk>) -> Result<Backups> {
    let studio = desk.studio().await?;
    Ok(Backups { rule: studio.backup_rule().await?, backups: studio.backups()? })
}

/// Makes a backup.
#[tauri::command]
#[specta::specta]
pub(crate) async fn back_up(desk: State<'_, Desk>) -> Result<Backup> {
    desk.studio().await?.back_up().await
}

/// Brings back a backup; gives the backup of what was there before.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_backup(desk: State<'_, Desk>, id: String) -> Result<Backup> {
    desk.studio().await?.restore(&id).await
}

/// Deletes a backup.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_backup(desk: State<'_, Desk>, id: String) -> Result<()> {
    desk.studio().await?.delete_backup(&id)
}

/// Sets which backups are kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_backup_rule(desk: State<'_, Desk>, rule: BackupRule) -> Result<()> {
    desk.studio().await?.set_backup_rule(rule).await
}

/// Stops the work started under that name; false if there is none.
#[tauri::command]
#[specta::specta]
pub(crate) fn cancel(desk: State<'_, Desk>, task: String) -> bool {
    desk.cancel(&task)
}
