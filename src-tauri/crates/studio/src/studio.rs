//! The value through which hosts use the core.

use std::path::Path;

use datasets::LatestScan;
use exports::Exports;
use hub::Hub;
use inspect::Inspector;
use platform::LocalSecret;
use playground::Playground;
use python::{Places, Python};
use runs::Runs;
use schema::{Error, Result};
use serde::Serialize;
use serving::Serving;
use store::{Finding, Store, TableCount};
use transfers::Transfers;

use crate::areas::ShownFiles;

/// A summary of an open workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Workspace {
    /// The database file.
    pub path: String,
    /// The name of the file without its extension.
    pub name: String,
    /// The size of the database in bytes.
    pub size_bytes: u64,
    /// The number of rows of each table.
    pub counts: Vec<TableCount>,
}

/// An open workspace with the Hub, Python and runs. Cheap to clone; clones share the database.
#[derive(Debug, Clone)]
pub struct Studio {
    pub(crate) store: Store,
    pub(crate) latest_scan: LatestScan,
    pub(crate) hub: Hub,
    pub(crate) python: Python,
    pub(crate) shown_files: ShownFiles,
    transfers: Transfers,
    runs: Runs,
    exports: Exports,
    inspector: Inspector,
}

impl Studio {
    /// Opens the database, and creates it if the file does not exist. Settings are the user's.
    pub async fn open(path: &Path) -> Result<Self> {
        Self::open_with(path, Hub::from_user_settings()).await
    }

    /// Opens the database with this hub and its settings file.
    pub async fn open_with(path: &Path, hub: Hub) -> Result<Self> {
        let store = Store::open(path).await?.with_secret(LocalSecret::beside(hub.settings_file()));
        let python = Python::new(Places::from_variables(), hub.settings_file().clone());
        let transfers = Transfers::new(store.clone(), hub.clone());
        let runs = Runs::new(store.clone(), python.clone(), hub.clone(), transfers.clone());
        Ok(Self {
            exports: Exports::new(store.clone(), python.clone(), hub.clone(), runs.clone()),
            runs,
            transfers,
            inspector: Inspector::new(store.clone(), hub.clone()),
            latest_scan: LatestScan::default(),
            shown_files: ShownFiles::default(),
            store,
            hub,
            python,
        })
    }

    /// Replaces Python, and the runs and exports that use it.
    #[must_use]
    pub fn with_python(self, python: Python) -> Self {
        let (store, hub) = (self.store.clone(), self.hub.clone());
        let runs = Runs::new(store.clone(), python.clone(), hub.clone(), self.transfers.clone());
        let exports = Exports::new(store, python.clone(), hub, runs.clone());
        Self { python, runs, exports, ..self }
    }

    /// The database: rows as they are, trash, tags, filters, search, backups.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The Hugging Face Hub with the user's settings.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// The Python interpreters of this machine.
    pub fn python(&self) -> &Python {
        &self.python
    }

    /// Fetches from the Hub into its local cache.
    pub fn transfers(&self) -> &Transfers {
        &self.transfers
    }

    /// Runs: preflight, start, supervision, comparison.
    pub fn runs(&self) -> &Runs {
        &self.runs
    }

    /// Models that are loaded to be asked by hand.
    pub fn playground(&self) -> Playground {
        Playground::new(self.store.clone(), self.python.clone(), self.hub.clone(), self.runs.clone())
    }

    /// Models that are served to other programs.
    pub fn serving(&self) -> Serving {
        let (keyring, inspector) = (self.hub.keyring().clone(), self.inspector.clone());
        Serving::new(self.store.clone(), self.playground(), keyring, inspector)
    }

    /// Exports of models and adapters: plan, start, report.
    pub fn exports(&self) -> &Exports {
        &self.exports
    }

    /// Inspection of the files of models and adapters.
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

    /// The path, version, size and row counts of the workspace.
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

    /// Checks the database, and the folders of models and adapters.
    pub async fn check(&self) -> Result<Vec<Finding>> {
        let mut findings = self.store.check().await?;
        findings.extend(self.inspector.check().await?);
        Ok(findings)
    }
}
