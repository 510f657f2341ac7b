//! Exports, imports and backups.

use std::path::Path;

use serde::Serialize;
use studio::store::BackupReason;
use studio::{
    Result,
    resources::TableName,
    snapshot::{Conflict, ExportFormat, Exported, ImportPolicy, ImportReport, Plan, RowsForm},
    store::{Backup, BackupRule},
    work::Progress,
};
use tauri::{State, ipc::Channel};

use crate::desk::Desk;

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
    desk.run(task, on_progress, async |work| studio.snapshots().export(path, format, tables, &work).await)
        .await
}

/// Writes rows of a table to a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_rows(
    desk: State<'_, Desk>,
    path: String,
    table: TableName,
    ids: Vec<String>,
    form: RowsForm,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Exported> {
    let studio = desk.studio().await?;
    let path = Path::new(&path);
    desk.run(task, on_progress, async |work| {
        studio.snapshots().export_rows(path, table, &ids, form, &work).await
    })
    .await
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
    Ok(Backups { rule: studio.store().backup_rule().await?, backups: studio.store().backups()? })
}

/// Makes a backup.
#[tauri::command]
#[specta::specta]
pub(crate) async fn back_up(desk: State<'_, Desk>) -> Result<Backup> {
    desk.studio().await?.store().back_up(BackupReason::Manual).await
}

/// Brings back a backup; gives the backup of what was there before.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_backup(desk: State<'_, Desk>, id: String) -> Result<Backup> {
    desk.studio().await?.store().restore(&id).await
}

/// Deletes a backup.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_backup(desk: State<'_, Desk>, id: String) -> Result<()> {
    desk.studio().await?.store().delete_backup(&id)
}

/// Sets which backups are kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_backup_rule(desk: State<'_, Desk>, rule: BackupRule) -> Result<()> {
    desk.studio().await?.store().set_backup_rule(rule).await
}
