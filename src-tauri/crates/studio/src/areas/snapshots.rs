//! Exports, imports and backups.

use std::path::Path;

use platform::Work;
use resources::Described as _;
use schema::{Error, Result, TableName, TextEnum as _};
use snapshot::{ExportFormat, Exported, ImportPolicy, ImportReport, RowsForm, Staged};
use store::{Backup, BackupReason, BackupRule};

use crate::Studio;

/// Snapshots of the store: export and import.
#[derive(Debug, Clone, Copy)]
pub struct Snapshots<'a>(pub(crate) &'a Studio);

impl Snapshots<'_> {
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
            ExportFormat::Json => snapshot::export_json(&self.0.store, &target, tables, work).await,
            ExportFormat::Sqlite => snapshot::export_sqlite(&self.0.store, &target, tables, work).await,
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
        snapshot::export_rows(&self.0.store, &target, table.table(), ids, form, work).await
    }

    /// Reads a snapshot or a database to import. Nothing is changed until [`Studio::import`].
    pub async fn read(&self, source: &Path, work: &Work) -> Result<Staged> {
        Staged::read(&self.0.store, source, work).await
    }

    /// Takes what was read into the store, after a backup, in one transaction.
    pub async fn import(
        &self,
        staged: &mut Staged,
        policy: &ImportPolicy,
        work: &Work,
    ) -> Result<ImportReport> {
        staged.import(&self.0.store, policy, work).await
    }
}
