//! The Hugging Face hub: its local cache, its settings and token, searches, and look-ups of names.
//!
//! Requests are made only for an action of the user: a search, a look-up, or a fetch into the cache. No other
//! part of the program depends on an answer.
//! In offline mode, set by an environment variable or the settings, there are no requests.
//!
//! May use: `schema`; `datasets` for the names of files that are read; `platform` for settings and files;
//! `resources` for the rules about names; `weights` for the properties of models.

mod answer;
mod cache;
mod client;
mod environment;
mod fetch;
mod removal;
mod search;
mod shapes;
mod shared_blobs;
mod token;

pub use answer::{HubAnswer, HubFacts, HubKind, HubSplit, Standing};
pub use cache::{Cached, CachedKind, CachedState};
pub use datasets::DatasetPart;
pub use environment::Environment;
pub use fetch::{FetchProgress, FetchRequest, Fetched, HubConfig, HubConfigSplit};
pub use platform::Keyring;
pub use removal::Removed;
pub use search::{FoundRepository, RepositoryFormat, SearchPage, SearchRequest, SearchSort, SearchSource};
pub use token::{TokenSource, TokenState};

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Serialize;

use client::HubClient;
use platform::{Settings, SettingsFile, Variables, blocking};
use schema::Result;

/// How long one answer of the Hub may take by default.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// The times of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DownloadTimes {
    /// How long the Hub may send no bytes until it is asked again.
    pub silence: Duration,
    /// The first wait after a failed attempt. It is doubled up to thirty times as long.
    pub first_wait: Duration,
}

impl Default for DownloadTimes {
    fn default() -> Self {
        Self { silence: Duration::from_secs(60), first_wait: Duration::from_secs(1) }
    }
}

/// The settings of the Hub and what they result in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HubSettings {
    /// The user's settings.
    pub settings: Settings,
    /// The path of the file with the settings.
    pub file: String,
    /// The address in use.
    pub endpoint: String,
    /// An environment variable sets the address, so the setting has no effect.
    pub endpoint_by_environment: bool,
    /// An environment variable forbids requests, so the setting has no effect.
    pub offline_by_environment: bool,
    /// What may be shown about the token.
    pub token: TokenState,
}

/// Access to a hub and its local cache. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub {
    environment: Environment,
    settings: SettingsFile,
    keyring: Keyring,
    answer_timeout: Duration,
    download_times: DownloadTimes,
}

impl Hub {
    /// The Hub that the environment variables and the user's settings name.
    pub fn from_user_settings() -> Self {
        Self::new(
            Environment::from_process(),
            SettingsFile::from_user_folder(),
            Keyring::new("fine-tuning-studio"),
        )
    }

    /// The Hub that these variables and settings name.
    pub fn new(environment: Environment, settings: SettingsFile, keyring: Keyring) -> Self {
        Self {
            environment,
            settings,
            keyring,
            answer_timeout: ANSWER_TIMEOUT,
            download_times: DownloadTimes::default(),
        }
    }

    /// Sets how long an answer may take; 10 seconds otherwise.
    #[must_use]
    pub fn with_answer_timeout(self, answer_timeout: Duration) -> Self {
        Self { answer_timeout, ..self }
    }

    /// Sets the times of downloads.
    #[must_use]
    pub fn with_download_times(self, download_times: DownloadTimes) -> Self {
        Self { download_times, ..self }
    }

    /// The file with the user's settings.
    pub fn settings_file(&self) -> &SettingsFile {
        &self.settings
    }

    /// Environment variables with which a worker uses the Hub like this program.
    pub async fn worker_environment(&self) -> Result<Variables> {
        let hub = self.clone();
        blocking("reading the settings of the Hub", move || {
            let settings = hub.settings.read();
            let mut variables = Variables::default();
            variables.set("PYTHONUNBUFFERED", "1");
            // The libraries report their use unless these are set.
            variables.set("HF_HUB_DISABLE_TELEMETRY", "1");
            variables.set("MLFLOW_DISABLE_TELEMETRY", "true");
            variables.set("DO_NOT_TRACK", "1");
            variables.set("HF_ENDPOINT", hub.endpoint(&settings));
            if hub.environment.offline() || settings.offline {
                variables.set("HF_HUB_OFFLINE", "1");
            } else if let (_, Some(token)) = token::find(&hub.environment, &hub.keyring) {
                variables.set("HF_TOKEN", token.reveal());
            }
            Ok(variables)
        })
        .await
    }

    /// The folder of the local cache, which need not exist.
    pub fn cache_folder(&self) -> PathBuf {
        self.environment.hub_cache()
    }

    /// The repositories in the local cache, the last used first.
    pub fn cached(&self) -> Result<Vec<Cached>> {
        cache::list(&self.cache_folder())
    }

    /// The folder with a model's or an adapter's files, if they are in the local cache.
    pub fn cached_model(&self, name: &str) -> Option<PathBuf> {
        weights::snapshot_of(&cache::repository(&self.cache_folder(), "models", name))
    }

    /// The name and the commit of the model whose files in the local cache are that folder.
    pub fn named_snapshot(&self, folder: &Path) -> Option<(String, String)> {
        let mut parts = folder.strip_prefix(self.cache_folder()).ok()?.iter().map(|part| part.to_str());
        let (repository, snapshots, commit) = (parts.next()??, parts.next()??, parts.next()??);
        let name = repository
            .strip_prefix("models--")
            .filter(|_| snapshots == "snapshots" && parts.next().is_none())?;
        Some((name.replacen("--", "/", 1), commit.to_owned()))
    }

    /// A model or an adapter in the local cache, and whether it is complete.
    pub fn cached_repository(&self, name: &str) -> Option<Cached> {
        cache::cached(&cache::repository(&self.cache_folder(), "models", name))
    }

    /// A repository in the local cache, and whether it is complete.
    pub fn cached_as(&self, kind: HubKind, name: &str) -> Option<Cached> {
        cache::cached(&self.repository_folder(kind, name))
    }

    /// The folder with a dataset's files, if those of that part are in the local cache.
    pub fn cached_dataset(&self, name: &str, part: &DatasetPart) -> Option<PathBuf> {
        fetch::row_files(&self.cached_layout(name)?, name, part)
    }

    /// Whether no request may be made.
    pub fn is_offline(&self) -> bool {
        self.environment.offline() || self.settings.read().offline
    }

    /// Looks up a repository on the Hub.
    pub async fn look_up(&self, kind: HubKind, name: &str) -> Result<HubAnswer> {
        let name = name.trim();
        if !resources::is_hub_name(name) {
            return Ok(HubAnswer::new(Standing::NotFound, format!("'{name}' is not a Hub name."))
                .hint("Write it as organization/name, without the address."));
        }
        let Some(client) = self.client().await? else {
            return Ok(HubAnswer::new(Standing::Offline, "Not checked: the program is set to work offline."));
        };
        Ok(client.look_up(kind, name).await)
    }

    /// A client of the Hub; `None` in offline mode.
    async fn client(&self) -> Result<Option<HubClient>> {
        let settings = self.settings.read();
        if self.environment.offline() || settings.offline {
            return Ok(None);
        }
        let endpoint = self.endpoint(&settings);
        let (environment, keyring) = (self.environment.clone(), self.keyring.clone());
        let (_, token) =
            blocking("reading the token of the Hub", move || Ok(token::find(&environment, &keyring))).await?;
        let datasets_server = self.environment.datasets_server(&endpoint);
        let http = client::connections(self.answer_timeout, self.download_times.silence)
            .map_err(|error| schema::Error::internal("preparing connections to the Hub", &error))?;
        Ok(Some(HubClient { endpoint, datasets_server, token, timeout: self.answer_timeout, http }))
    }

    fn endpoint(&self, settings: &Settings) -> String {
        let set = self.environment.endpoint().or(settings.endpoint.as_deref());
        set.unwrap_or(environment::HUGGING_FACE).to_owned()
    }

    /// The settings in use.
    pub async fn settings(&self) -> Result<HubSettings> {
        let hub = self.clone();
        blocking("reading the settings of the Hub", move || {
            let settings = hub.settings.read();
            Ok(HubSettings {
                file: hub.settings.path().display().to_string(),
                endpoint: hub.endpoint(&settings),
                endpoint_by_environment: hub.environment.endpoint().is_some(),
                offline_by_environment: hub.environment.offline(),
                token: token::state(&hub.environment, &hub.keyring),
                settings,
            })
        })
        .await
    }

    /// The keyring with the token.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Replaces the user's settings.
    pub fn set_settings(&self, settings: &Settings) -> Result<()> {
        self.settings.write(settings)
    }

    /// Stores a token in the system's keyring; `None` removes the stored one.
    pub async fn set_token(&self, token: Option<String>) -> Result<()> {
        let keyring = self.keyring.clone();
        blocking("storing the token of the Hub", move || match token {
            Some(token) => token::store(&keyring, &token),
            None => token::remove(&keyring),
        })
        .await
    }
}
