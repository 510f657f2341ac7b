//! Stores with rows and files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use archive::{ArchiveExported, ArchiveImportReport, ArchiveProgress, ArchiveRequest, OpenArchive};
use datasets::Scanner;
use platform::Work;
use resources::Described as _;
use schema::{Result, TableName};
use serde_json::json;
use snapshot::ImportPolicy;
use store::Store;
use tempfile::TempDir;

/// The ids of the rows of [`World::filled`].
pub(crate) const DATASET: &str = "5f0ae4a5-7d2e-4c70-9b3b-000000000001";
pub(crate) const MODEL: &str = "5f0ae4a5-7d2e-4c70-9b3b-000000000002";
pub(crate) const ADAPTER: &str = "5f0ae4a5-7d2e-4c70-9b3b-000000000003";

/// A store in a folder of its own.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) store: Store,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state/studio.db")).await.unwrap();
        Self { folder, store }
    }

    /// With a dataset, an adapter of two files in a folder, and the model in a folder that it was trained on.
    pub(crate) async fn filled() -> Self {
        let world = Self::new().await;
        world.write("rows/Größe 1.csv", b"question,answer\nwhy,because\n");
        world.write("adapter/adapter_config.json", b"{}");
        world.write("adapter/inner/weights.bin", &[7; 3000]);
        world.write("model/config.json", b"{}");
        world.create("datasets", json!({"id": DATASET, "type": "project_csv", "name": "Rows", "location": world.path("rows/Größe 1.csv")})).await;
        world
            .create(
                "models",
                json!({"id": MODEL, "type": "project", "name": "Base", "location": world.path("model")}),
            )
            .await;
        world.create("adapters", json!({"id": ADAPTER, "type": "project", "name": "First", "model_id": MODEL, "location": world.path("adapter")})).await;
        world
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) async fn create(&self, table: &str, row: serde_json::Value) {
        let table: TableName = table.parse().unwrap();
        let row = row.as_object().unwrap().clone();
        self.store.create(table.table(), row, &Scanner::unwatched()).await.unwrap();
    }

    pub(crate) async fn location(&self, table: &str, id: &str) -> PathBuf {
        let row = self.store.get(table.parse().unwrap(), id).await.unwrap().row;
        row["location"].as_str().unwrap().into()
    }

    pub(crate) async fn rows(&self) -> u64 {
        self.store.counts().await.unwrap().iter().map(|count| count.rows).sum()
    }

    pub(crate) async fn export(&self, name: &str) -> Result<ArchiveExported> {
        let request = ArchiveRequest { rows: None, with_models: true };
        archive::export(&self.store, &self.path(name), &request, &Work::unwatched()).await
    }

    pub(crate) async fn read(&self, file: &Path) -> Result<OpenArchive> {
        OpenArchive::read(&self.store, file, &self.path("put"), &Work::unwatched()).await
    }

    pub(crate) async fn import(
        &self,
        file: &Path,
        work: &Work<ArchiveProgress>,
    ) -> Result<ArchiveImportReport> {
        let mut archive = OpenArchive::read(&self.store, file, &self.path("put"), work).await?;
        let report = archive.import(&self.store, &ImportPolicy::default(), work).await;
        archive.discard().await;
        report
    }

    /// Every file and folder of this world but those of the database, with the bytes of the files.
    pub(crate) fn on_disk(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut all = tree(self.folder.path());
        all.retain(|path, _| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            !name.starts_with("studio.db") && !path.starts_with("state/backups")
        });
        all
    }
}

/// Every file and folder below a folder, by the paths in it, with the bytes of the files.
pub(crate) fn tree(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let inner = path.strip_prefix(folder).unwrap().to_owned();
            let is_folder = path.is_dir();
            found.insert(inner, (!is_folder).then(|| fs::read(&path).unwrap()));
            if is_folder {
                folders.push(path);
            }
        }
    }
    found
}
