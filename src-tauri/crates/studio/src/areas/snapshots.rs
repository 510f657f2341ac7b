//! Exports, imports and backups.

use std::path::Path;

use platform::Work;
use resources::Described as _;
use schema::{Error, Result, TableName, TextEnum as _};
use snapshot::{ExportFormat, Exported, ImportPolicy, ImportReport, RowsForm, Staged};
use store::{Backup, BackupReason, BackupRule};

use crate::Studio;

impl Studio {
    /// Writes the store, or only some tables of it, to a file.
    pub async fn export(
        &self,
        target: &Path,
        format: ExportFormat,
        tables: Option<&[TableName]>,
        work: &Work,
    ) -> Result<Exported> {
        let target = std::path::absolute(target).map_err(|error| Error::file("write", target, &error))?;
        let tables = tables.unwrap_or(TableName::ALL);
        match format {
            ExportFormat::Json => snapshot::export_json(&self.store, &target, tables, work).await,
            ExportFormat::Sqlite => snapshot::export_sqlite(&self.store, &target, tables, work).await,
        }
    }

    /// Writes rows of a table to a file. One that isn't here is refused.
    pub async fn export_rows(
        &self,
        target: &Path,
        table: TableName,
        ids: &[String],
        form: RowsForm,
        work: &Work,
    ) -> Result<Exported> {
        let target = std::path::absolute(target).map_err(|error| Error::file("write", target, &error))?;
        snapshot::export_rows(&self.store, &target, table.table(), ids, form, work).await
    }

    /// Reads a snapshot or a database to import. Nothing is changed until [`Studio::import`].
    pub async fn read_snapshot(&self, source: &Path, work: &Work) -> Result<Staged> {
        Staged::read(&self.store, source, work).await
    }

    /// Takes what was read into the store, after a backup, in one transaction.
    pub async fn import(
        &self,
        staged: &mut Staged,
        policy: &ImportPolicy,
        work: &Work,
    ) -> Result<ImportReport> {
        staged.import(&self.store, policy, work).await
    }

    /// Copies the database to `backups/` beside it.
    pub async fn back_up(&self) -> Result<Backup> {
        self.store.back_up(BackupReason::Manual).await
    }

    /// The backups, the latest first.
    pub fn backups(&self) -> Result<Vec<Backup>> {
        self.store.backups()
    }

    /// Brings back a backup, and returns the backup of what was there before.
    pub async fn restore(&self, id: &str) -> Result<Backup> {
        self.store.restore(id).await
    }

    /// Deletes a backup.
    pub fn delete_backup(&self, id: &str) -> Result<()> {
        self.store.delete_backup(id)
    }

    /// Which backups are kept.
    pub async fn backup_rule(&self) -> Result<BackupRule> {
        self.store.backup_rule().await
    }

    /// Sets which backups are kept.
    pub async fn set_backup_rule(&self, rule: BackupRule) -> Result<()> {
        self.store.set_backup_rule(rule).await
    }
}
