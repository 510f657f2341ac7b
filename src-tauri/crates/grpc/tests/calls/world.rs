//! A service on a workspace in a folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use grpc::{Options, Server};
use studio::{
    Studio,
    hub::{Environment, Hub, Keyring},
    platform::SettingsFile,
    python::{Places, Python},
    serving::Key,
};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

use crate::client::Client;

pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) studio: Studio,
    pub(crate) client: Client,
    pub(crate) served: JoinHandle<studio::Result<()>>,
    pub(crate) stop: oneshot::Sender<()>,
}

pub(crate) fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// A workspace whose Hub is offline, and whose worker fails at once.
pub(crate) async fn studio(folder: &Path) -> Studio {
    let settings = SettingsFile::from_path(folder.join("config/settings.json"));
    let home = folder.join("huggingface").display().to_string();
    let variables = [("HF_HOME", home), ("HF_HUB_OFFLINE", "1".to_owned())];
    let keyring = Keyring::new("fine-tuning-studio tests");
    let hub = Hub::new(Environment::from_variables(variables), settings.clone(), keyring);
    let places = Places { worker: Some(PathBuf::from("/bin/false")), ..Places::default() };
    let studio = Studio::open_with(&folder.join("studio.db"), hub).await.unwrap();
    studio.with_python(Python::new(places, settings))
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_key(None).await
    }

    pub(crate) async fn with_key(key: Option<Key>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let import_folder = folder.path().join("imports");
        fs::create_dir(&import_folder).unwrap();
        let studio = studio(folder.path()).await;
        let options = Options {
            listen: "127.0.0.1:0".parse().unwrap(),
            target: None,
            import_folder: Some(import_folder),
            key,
            encryption: None,
            unencrypted: false,
        };
        let server = Server::bind(studio.clone(), &options).await.unwrap();
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(server.serve(async { _ = stopped.await }));
        let client = Client::new(format!("http://{address}").parse().unwrap()).await;
        Self { folder, studio, client, served, stop }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A dataset of a file with the columns `question` and `answer`, and its id.
    pub(crate) async fn dataset(&self) -> String {
        let file = self.path("rows.csv");
        write(&file, &format!("question,answer\n{}", "Why?,Because.\n".repeat(30)));
        let request = serde_json::json!({"type": "project_csv", "name": "Rows", "location": file});
        let added = self.client.answered("AddDataset", request).await;
        added["dataset"]["id"].as_str().unwrap().to_owned()
    }
}
