//! Exports, imports and backups.

use std::path::Path;

use platform::Work;
use resources::Described as _;
use schema::{Error, Result, TableName, TextEnum as _};
use snapshot::{ExportFormat, Exported, ImportPolicy, ImportReport, RowsForm, Staged};

use crate::Studio;

/// Snapshots of the store: export and import.
#[derive(Debug, Clone, Copy)]
pub struct Snapshots<'a>(pub(crate) &'a Studio);

impl Snapshots<'_> {
    /// Writes some tables, or all, to a file, with the metadata of their rows. Compute targets go with all.
    pub async fn export(
        &self,
        target: &Path,
        format: ExportFormat,
        tables: Option<&[TableName]>,
        work: &Work,
    ) -> Result<Exported> {
        self.write(target, format, tables, true, work).await
    }

    /// Writes the same without what the reference studio has no tables for: times, tags, how files are
    /// read, what was chosen for trainings, and compute targets.
    pub async fn export_without_metadata(
        &self,
        target: &Path,
        format: ExportFormat,
        tables: Option<&[TableName]>,
        work: &Work,
    ) -> Result<Exported> {
        self.write(target, format, tables, false, work).await
    }

    async fn write(
        &self,
        target: &Path,
        format: ExportFormat,
        tables: Option<&[TableName]>,
        with_metadata: bool,
        work: &Work,
    ) -> Result<Exported> {
        let target = std::path::absolute(target).map_err(|error| Error::file("write", target, &error))?;
        let tables = tables.unwrap_or(TableName::ALL);
        match format {
            ExportFormat::Json => {
                snapshot::export_json(&self.0.store, &target, tables, with_metadata, work).await
            }
            ExportFormat::Sqlite => {
                snapshot::export_sqlite(&self.0.store, &target, tables, with_metadata, work).await
            }
        }
    }

    /// Writes rows of a table to a file. A row that does not exist is an error.
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

    /// Reads and stages a snapshot or a database. Does not change the store.
    pub async fn read(&self, source: &Path, work: &Work) -> Result<Staged> {
        Staged::read(&self.0.store, source, work).await
    }

    /// Imports a staged source in one transaction, after a backup.
    pub async fn import(
        &self,
        staged: &mut Staged,
        policy: &ImportPolicy,
        work: &Work,
    ) -> Result<ImportReport> {
        staged.import(&self.0.store, policy, work).await
    }
}
