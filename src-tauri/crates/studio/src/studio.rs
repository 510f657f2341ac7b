//! The value that every host holds: one open studio.

use std::path::Path;

use datasets::LatestScan;
use hub::Hub;
use inspect::Inspector;
use prompts::Tokenizers;
use python::{Places, Python};
use runs::Runs;
use schema::{Error, Result};
use serde::Serialize;
use store::{Finding, Store, TableCount};

use crate::areas::ShownFiles;

/// The studio that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Workspace {
    /// The database file.
    pub path: String,
    /// The file's name without its ending.
    pub name: String,
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
    pub(crate) shown_files: ShownFiles,
    runs: Runs,
    inspector: Inspector,
}

impl Studio {
    /// Opens the studio in this database file, making one if there is none.
    pub async fn open(path: &Path) -> Result<Self> {
        Self::open_with(path, Hub::from_user_settings()).await
    }

    /// The same with another hub.
    pub async fn open_with(path: &Path, hub: Hub) -> Result<Self> {
        let store = Store::open(path).await?;
        let python = Python::new(Places::from_variables(), hub.settings_file().clone());
        Ok(Self {
            runs: Runs::new(store.clone(), python.clone(), hub.clone()),
            inspector: Inspector::new(store.clone(), hub.clone()),
            tokenizers: Tokenizers::default(),
            latest_scan: LatestScan::default(),
            shown_files: ShownFiles::default(),
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

    /// The Hugging Face Hub as this studio reaches it.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// The Python interpreters of this machine.
    pub fn python(&self) -> &Python {
        &self.python
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
