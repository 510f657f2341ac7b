//! An empty studio in a folder of its own.

use std::path::PathBuf;

use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use studio::{
    Error, Studio,
    hub::{Environment, Hub, Keyring},
    platform::SettingsFile,
    schema::{Row, TableName},
    store::Listed,
};
use tempfile::TempDir;

pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) studio: Studio,
}

pub(crate) fn row(value: Value) -> Row {
    value.as_object().cloned().expect("an object")
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // A hub that has nothing to do with this machine's.
        let home = folder.path().join("huggingface").display().to_string();
        let settings = SettingsFile::from_path(folder.path().join("config/settings.json"));
        // Nothing is ever asked for, unless a test has a hub of its own.
        let variables = [("HF_HOME", home), ("HF_HUB_OFFLINE", "1".to_owned())];
        let hub = Hub::new(
            Environment::from_variables(variables),
            settings,
            Keyring::new("fine-tuning-studio tests"),
        );
        let studio = Studio::open_with(&folder.path().join("studio.db"), hub).await.unwrap();
        Self { folder, studio }
    }

    /// The Hub's local cache.
    pub(crate) fn cache(&self) -> PathBuf {
        self.path("huggingface/hub")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) async fn create(&self, table: TableName, fields: Value) -> Result<Listed, Error> {
        self.studio.rows().create(table, row(fields)).await.map(|created| created.row)
    }

    /// A connection of another program: no foreign keys, no care.
    pub(crate) async fn stranger(&self) -> SqliteConnection {
        stranger(self.studio.path()).await
    }

    pub(crate) async fn dataset(&self) -> String {
        let file = self.file("rows.csv", "question,answer\nWhy?,Because.\n");
        let fields = json!({"type": "project_csv", "name": "rows", "location": file});
        id(&self.create(TableName::Datasets, fields).await.unwrap())
    }

    pub(crate) async fn model(&self) -> String {
        let fields = json!({"type": "huggingface", "huggingface_model_name": "lab/tiny"});
        id(&self.create(TableName::Models, fields).await.unwrap())
    }

    pub(crate) async fn prompt(&self, dataset: &str) -> String {
        let fields = json!({
            "name": "ask", "dataset_id": dataset,
            "input_template": "Q: {question}\nA: ", "completion_template": "{answer}",
        });
        id(&self.create(TableName::Prompts, fields).await.unwrap())
    }
}

pub(crate) async fn stranger(path: &std::path::Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(false);
    SqliteConnection::connect_with(&options).await.unwrap()
}

pub(crate) fn id(listed: &Listed) -> String {
    listed.row["id"].as_str().unwrap().to_owned()
}

/// The columns an error is about, in order.
pub(crate) fn columns(error: &Error) -> Vec<&str> {
    error.fields.iter().map(|field| field.column.as_str()).collect()
}
