//! Exports, imports and backups.

use std::path::Path;

use serde::Serialize;
use studio::store::BackupReason;
use studio::{
    Result,
    platform::Progress,
    schema::TableName,
    snapshot::{Conflict, ExportFormat, Exported, ImportPolicy, ImportReport, Plan, RowsForm},
    store::{Backup, BackupRule},
};
use tauri::{State, ipc::Channel};

use crate::app_state::AppState;

/// Writes the store, or some tables of it, to a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_database(
    app: State<'_, AppState>,
    path: String,
    format: ExportFormat,
    tables: Option<Vec<TableName>>,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Exported> {
    let studio = app.studio().await?;
    let (path, tables) = (Path::new(&path), tables.as_deref());
    app.run(task, on_progress, async |work| studio.snapshots().export(path, format, tables, &work).await)
        .await
}

/// Writes rows of a table to a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_rows(
    app: State<'_, AppState>,
    path: String,
    table: TableName,
    ids: Vec<String>,
    form: RowsForm,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Exported> {
    let studio = app.studio().await?;
    let path = Path::new(&path);
    app.run(task, on_progress, async |work| {
        studio.snapshots().export_rows(path, table, &ids, form, &work).await
    })
    .await
}

/// Reads a snapshot or a database, and plans its import.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_import(
    app: State<'_, AppState>,
    path: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Plan> {
    app.run(task, on_progress, async |work| app.plan_import(Path::new(&path), &work).await).await
}

/// Reads the studio in the project of a workbench, and plans its import.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_pull(
    app: State<'_, AppState>,
    target: String,
    place: Option<String>,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Plan> {
    app.run(task, on_progress, async |work| app.plan_pull(&target, place.as_deref(), &work).await).await
}

/// A page of the conflicts of the planned import: rows that exist with other content.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_conflicts(
    app: State<'_, AppState>,
    table: TableName,
    offset: u32,
    limit: u32,
) -> Result<Vec<Conflict>> {
    app.incoming().await?.conflicts(table, offset, limit).await
}

/// Carries out the planned import.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_snapshot(
    app: State<'_, AppState>,
    policy: ImportPolicy,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<ImportReport> {
    app.run(task, on_progress, async |work| app.import(&policy, &work).await).await
}

/// Discards the planned import.
#[tauri::command]
#[specta::specta]
pub(crate) async fn discard_import(app: State<'_, AppState>) -> Result<()> {
    app.discard_import().await;
    Ok(())
}

/// The backups of the open database, and the rule for keeping them.
#[derive(Debug, Serialize, specta::Type)]
pub(crate) struct Backups {
    /// The rule for keeping them.
    rule: BackupRule,
    /// The backups, the latest first.
    backups: Vec<Backup>,
}

/// The backups of the open database.
#[tauri::command]
#[specta::specta]
pub(crate) async fn backups(app: State<'_, AppState>) -> Result<Backups> {
    let studio = app.studio().await?;
    Ok(Backups { rule: studio.store().backup_rule().await?, backups: studio.store().backups()? })
}

/// Creates a backup.
#[tauri::command]
#[specta::specta]
pub(crate) async fn back_up(app: State<'_, AppState>) -> Result<Backup> {
    app.studio().await?.store().back_up(BackupReason::Manual).await
}

/// Restores a backup; returns the backup of the content before.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_backup(
    app: State<'_, AppState>,
    id: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Backup> {
    let studio = app.studio().await?;
    app.run(task, on_progress, async |work| studio.store().restore(&id, &work).await).await
}

/// Deletes a backup.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_backup(app: State<'_, AppState>, id: String) -> Result<()> {
    app.studio().await?.store().delete_backup(&id)
}

/// Sets the rule for keeping backups.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_backup_rule(app: State<'_, AppState>, rule: BackupRule) -> Result<()> {
    app.studio().await?.store().set_backup_rule(rule).await
}
