//! What every host holds: one open studio.

use std::path::Path;

use datasets::{LatestScan, Scanner};
use hub::Hub;
use inspect::Inspector;
use prompts::Tokenizers;
use python::Python;
use resources::Described as _;
use runs::Runs;
use schema::{Error, Result, Row, TableName};
use serde::Serialize;
use store::{
    Created, Deleted, DeletionPlan, Dependents, Finding, Lineage, ListQuery, Listed, Page, Store, TableCount,
    Use,
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
    pub(crate) store: Store,
    pub(crate) tokenizers: Tokenizers,
    pub(crate) latest_scan: LatestScan,
    pub(crate) hub: Hub,
    pub(crate) python: Python,
    runs: Runs,
    inspector: Inspector,
}

impl Studio {
    /// Opens the studio in this database file, making one if there is none.
    pub async fn open(path: &Path) -> Result<Self> {
        Self::open_with(path, Hub::of_user()).await
    }

    /// The same with a hub of one's own.
    pub async fn open_with(path: &Path, hub: Hub) -> Result<Self> {
        let store = Store::open(path).await?;
        let python = Python::of_user(hub.settings_file().clone());
        Ok(Self {
            runs: Runs::new(store.clone(), python.clone(), hub.clone()),
            inspector: Inspector::new(store.clone(), hub.clone()),
            tokenizers: Tokenizers::default(),
            latest_scan: LatestScan::default(),
            store,
            hub,
            python,
        })
    }

    /// The same studio with another Python.
    #[must_use]
    pub fn with_python(self, python: Python) -> Self {
        let runs = Runs::new(self.store.clone(), python.clone(), self.hub.clone());
        Self { python, runs, ..self }
    }

    /// Runs of jobs: started, supervised, compared.
    pub fn runs(&self) -> &Runs {
        &self.runs
    }

    /// What models and adapters are, by their files.
    pub fn inspector(&self) -> &Inspector {
        &self.inspector
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
        self.store.get(table, id).await
    }

    /// Who refers to a row.
    pub async fn used_by(&self, table: TableName, id: &str) -> Result<Vec<Use>> {
        self.store.used_by(table.table(), id).await
    }

    /// What a row comes from and what came of it, up to so many steps away.
    pub async fn lineage(&self, table: TableName, id: &str, depth: u32) -> Result<Lineage> {
        self.store.lineage(table.table(), id, depth).await
    }

    /// Makes a row, or recognises that it is there already.
    pub async fn create(&self, table: TableName, fields: Row) -> Result<Created> {
        let fields = self.with_hub_facts(table, None, fields).await?;
        self.store.create(table.table(), fields, &Scanner::unwatched()).await
    }

    /// Changes fields of a row.
    pub async fn update(&self, table: TableName, id: &str, fields: Row) -> Result<Listed> {
        let fields = if fields.contains_key("huggingface_name") {
            let before = self.get(table, id).await?.row;
            self.with_hub_facts(table, Some(&before), fields).await?
        } else {
            fields
        };
        self.store.update(table.table(), id, fields, &Scanner::unwatched()).await
    }

    /// Makes a row that says the same under a new id and, where names are unique, a new name.
    pub async fn duplicate(&self, table: TableName, id: &str) -> Result<Created> {
        self.store.duplicate(table.table(), id, &Scanner::unwatched()).await
    }

    /// What deleting rows would do.
    pub async fn deletion_plan(&self, table: TableName, ids: &[String]) -> Result<DeletionPlan> {
        self.store.deletion_plan(table.table(), ids).await
    }

    /// Deletes rows, with or without what refers to them.
    pub async fn delete(&self, table: TableName, ids: &[String], dependents: Dependents) -> Result<Deleted> {
        self.store.delete(table.table(), ids, dependents).await
    }

    /// Looks for what is broken or odd.
    pub async fn check(&self) -> Result<Vec<Finding>> {
        let mut findings = self.store.check().await?;
        findings.extend(self.inspector.check().await?);
        Ok(findings)
    }
}
