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

use crate::areas::{Configs, Datasets, Environment, ExampleRows, HubRows, Prompts, Rows, Snapshots, Trash};

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

    /// The database: rows as they are, trash, tags, filters, search, backups.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Creating and changing rows.
    pub fn rows(&self) -> Rows<'_> {
        Rows(self)
    }

    /// Dataset files.
    pub fn datasets(&self) -> Datasets<'_> {
        Datasets(self)
    }

    /// Prompt templates.
    pub fn prompts(&self) -> Prompts<'_> {
        Prompts(self)
    }

    /// Configurations.
    pub fn configs(&self) -> Configs<'_> {
        Configs(self)
    }

    /// The Hugging Face Hub as this studio reaches it.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Rows by hub name.
    pub fn hub_rows(&self) -> HubRows<'_> {
        HubRows(self)
    }

    /// The Python interpreters of this machine.
    pub fn python(&self) -> &Python {
        &self.python
    }

    /// The Python environment that the program makes for itself.
    pub fn environment(&self) -> Environment<'_> {
        Environment(self)
    }

    /// Export and import.
    pub fn snapshots(&self) -> Snapshots<'_> {
        Snapshots(self)
    }

    /// Deleted rows.
    pub fn trash(&self) -> Trash<'_> {
        Trash(self)
    }

    /// The example workspace.
    pub fn example(&self) -> ExampleRows<'_> {
        ExampleRows(self)
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

    /// Looks for what is broken or odd.
    pub async fn check(&self) -> Result<Vec<Finding>> {
        let mut findings = self.store.check().await?;
        findings.extend(self.inspector.check().await?);
        Ok(findings)
    }
}
