//! What every host holds: one open studio and its operations.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::{
    datasets::{self, Preview, Scan},
    error::{Error, ErrorCode, Result},
    resources::{DatasetType, TableName},
    schema::{Choice, MappedDict, Row, TextEnum},
    snapshot::{self, ExportFormat, Exported, ImportPolicy, ImportReport, Staged},
    store::{
        Backup, BackupReason, BackupRule, Created, Deleted, DeletionPlan, Dependents, Finding, ListQuery,
        Listed, Page, Store, TableCount, Use,
    },
    work::Work,
};

/// The studio that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Workspace {
    /// The database file.
    pub path: String,
    /// The file's name without its ending.
    pub name: String,
    /// The program's version.
    pub version: String,
    /// The size of the database in bytes.
    pub size_bytes: u64,
    /// How many rows each table has.
    pub counts: Vec<TableCount>,
}

/// One open studio. Cheap to clone; all clones share the same database.
#[derive(Debug, Clone)]
pub struct Studio {
    store: Store,
}

impl Studio {
    /// Opens the studio in this database file, making one if there is none.
    pub async fn open(path: &Path) -> Result<Self> {
        Ok(Self { store: Store::open(path).await? })
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        self.store.path()
    }

    /// What is open, and how much is in it.
    pub async fn workspace(&self) -> Result<Workspace> {
        let path = self.path();
        let size = std::fs::metadata(path).map_err(|error| Error::file("read", path, &error))?.len();
        Ok(Workspace {
            path: path.display().to_string(),
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            size_bytes: size,
            counts: self.store.counts().await?,
        })
    }

    /// A page of a table's rows.
    pub async fn list(&self, table: TableName, query: &ListQuery) -> Result<Page> {
        self.store.list(table.table(), query).await
    }

    /// One row.
    pub async fn get(&self, table: TableName, id: &str) -> Result<Listed> {
        self.store.get(table.table(), id).await
    }

    /// Who refers to a row.
    pub async fn used_by(&self, table: TableName, id: &str) -> Result<Vec<Use>> {
        self.store.used_by(table.table(), id).await
    }

    /// Makes a row, or recognises that it is there already.
    pub async fn create(&self, table: TableName, fields: Row) -> Result<Created> {
        self.store.create(table.table(), fields, &Work::unwatched()).await
    }

    /// Changes fields of a row.
    pub async fn update(&self, table: TableName, id: &str, fields: Row) -> Result<Listed> {
        self.store.update(table.table(), id, fields, &Work::unwatched()).await
    }

    /// What deleting rows would do.
    pub async fn deletion_plan(&self, table: TableName, ids: &[String]) -> Result<DeletionPlan> {
        self.store.deletion_plan(table.table(), ids).await
    }

    /// Deletes rows, with or without what refers to them.
    pub async fn delete(&self, table: TableName, ids: &[String], dependents: Dependents) -> Result<Deleted> {
        self.store.delete(table.table(), ids, dependents).await
    }

    /// A page of a dataset file's rows. `source` is the id of a dataset or the path of a file.
    pub async fn preview_dataset(&self, source: &str, offset: u64, limit: u64) -> Result<Preview> {
        datasets::preview(&self.dataset_file(source).await?, offset, limit).await
    }

    async fn dataset_file(&self, source: &str) -> Result<PathBuf> {
        let absolute = |path: &str| {
            let path = Path::new(path);
            std::path::absolute(path).map_err(|error| Error::file("read", path, &error))
        };
        match self.get(TableName::Datasets, source).await {
            Ok(dataset) => location(&dataset).map(PathBuf::from),
            // What looks like an id is not taken for a file's name.
            Err(error) if uuid::Uuid::parse_str(source).is_ok() => Err(error),
            Err(error) if error.code == ErrorCode::NotFound => absolute(source),
            Err(error) => Err(error),
        }
    }

    /// Reads a whole dataset file and says what is in it.
    pub async fn scan_dataset(&self, path: &Path, work: &Work) -> Result<Scan> {
        let path = std::path::absolute(path).map_err(|error| Error::file("read", path, &error))?;
        datasets::scan(&path, None, work).await
    }

    /// Makes a dataset of a file. It is called after the file unless a name is given.
    pub async fn import_dataset(&self, path: &Path, name: Option<&str>, work: &Work) -> Result<Created> {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let kind: DatasetType = datasets::detect(path)?;
        let mut fields = Row::new();
        fields.insert("type".to_owned(), kind.into_str().into());
        fields.insert("name".to_owned(), name.map_or_else(|| stem.into_owned(), str::to_owned).into());
        fields.insert("location".to_owned(), path.display().to_string().into());
        self.store.create(TableName::Datasets.table(), fields, work).await
    }

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

    /// Looks for what is broken or odd.
    pub async fn check(&self) -> Result<Vec<Finding>> {
        self.store.check().await
    }
}

/// The file of a dataset, or why it has none.
fn location(dataset: &Listed) -> Result<String> {
    let known = crate::resources::Dataset::from_dict(&dataset.row).ok();
    let on_hub =
        known.and_then(|d| d.r#type).as_ref().and_then(Choice::known) == Some(DatasetType::Huggingface);
    match dataset.row.get("location").and_then(Value::as_str) {
        Some(location) if !on_hub => Ok(location.to_owned()),
        _ => Err(Error::new(
            ErrorCode::Invalid,
            format!("The rows of '{}' are not in a file here.", dataset.label),
        )
        .hint("Only datasets imported from a file can be previewed.")),
    }
}
