//! The Hugging Face hub: what of it is on this machine, and what it says when asked.
//!
//! Nothing here is needed for anything else to work, and nothing is asked unless a person or a
//! command asks for it. Offline, by the environment or the settings, no request is made at all.

mod answer;
mod cache;
mod client;
mod environment;
mod shapes;
mod token;

pub use answer::{HubAnswer, HubFacts, HubKind, HubSplit, Standing};
pub use cache::{Cached, CachedKind};
pub use environment::Environment;
pub use token::{Keyring, TokenSource, TokenState};

use std::{path::PathBuf, time::Duration};

use serde::Serialize;

use client::Asking;
use platform::Settings;
use platform::SettingsFile;
use platform::Variables;
use platform::blocking;
use schema::Result;

/// How long one answer of the hub may take, unless said otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// How the hub is reached, for a page of settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct HubSettings {
    /// What the person has set.
    pub settings: Settings,
    /// The file with that.
    pub file: String,
    /// The address in use.
    pub endpoint: String,
    /// The environment names the address, so the setting has no effect.
    pub endpoint_by_environment: bool,
    /// The environment forbids requests, so the setting has no effect.
    pub offline_by_environment: bool,
    /// The token, as far as it may be told.
    pub token: TokenState,
}

/// The hub as this machine sees it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub {
    environment: Environment,
    settings: SettingsFile,
    keyring: Keyring,
    patience: Duration,
}

impl Hub {
    /// The hub as the environment and the person's settings describe it.
    pub fn of_user() -> Self {
        Self::new(Environment::of_process(), SettingsFile::of_user(), Keyring::new("fine-tuning-studio"))
    }

    /// One of these parts.
    pub fn new(environment: Environment, settings: SettingsFile, keyring: Keyring) -> Self {
        Self { environment, settings, keyring, patience: PATIENCE }
    }

    /// The same, with another bound on how long an answer may take.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The file with the person's settings.
    pub fn settings_file(&self) -> &SettingsFile {
        &self.settings
    }

    /// What a worker's environment must say for it to reach the hub as this program does, or not to.
    pub async fn worker_environment(&self) -> Result<Variables> {
        let hub = self.clone();
        blocking("reading the settings of the hub", move || {
            let settings = hub.settings.read();
            let mut variables = Variables::default();
            variables.set("PYTHONUNBUFFERED", "1");
            // Nobody is told of a run: the libraries do unless asked not to.
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

    /// The folder of the local cache, which need not be there.
    pub fn cache_folder(&self) -> PathBuf {
        self.environment.hub_cache()
    }

    /// What is in the local cache, the last used first.
    pub fn cached(&self) -> Result<Vec<Cached>> {
        cache::list(&self.cache_folder())
    }

    /// The folder with a model's or an adapter's files, if they are in the local cache.
    pub fn cached_model(&self, name: &str) -> Option<PathBuf> {
        cache::find(&self.cache_folder(), "models", name)
    }

    /// The folder with a dataset's files, if they are in the local cache.
    pub fn cached_dataset(&self, name: &str) -> Option<PathBuf> {
        cache::find(&self.cache_folder(), "datasets", name)
    }

    /// Whether no request may be made.
    pub fn is_offline(&self) -> bool {
        self.environment.offline() || self.settings.read().offline
    }

    /// Asks the hub what a name is.
    pub async fn ask(&self, kind: HubKind, name: &str) -> Result<HubAnswer> {
        let name = name.trim();
        if !resources::is_hub_name(name) {
            return Ok(HubAnswer::new(Standing::NotFound, format!("'{name}' is not a hub name."))
                .hint("Write it as organisation/name, without the address."));
        }
        let settings = self.settings.read();
        if self.environment.offline() || settings.offline {
            return Ok(HubAnswer::new(Standing::Offline, "Not checked: the program is set to work offline."));
        }
        let endpoint = self.endpoint(&settings);
        let (environment, keyring) = (self.environment.clone(), self.keyring.clone());
        let (_, token) =
            blocking("reading the token of the hub", move || Ok(token::find(&environment, &keyring))).await?;
        let datasets_server = self.environment.datasets_server(&endpoint);
        let asking = Asking { endpoint, datasets_server, token, patience: self.patience };
        Ok(asking.about(kind, name).await)
    }

    fn endpoint(&self, settings: &Settings) -> String {
        let set = self.environment.endpoint().or(settings.endpoint.as_deref());
        set.unwrap_or(environment::HUGGING_FACE).to_owned()
    }

    /// How the hub is reached.
    pub async fn settings(&self) -> Result<HubSettings> {
        let hub = self.clone();
        blocking("reading the settings of the hub", move || {
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

    /// Changes the person's settings.
    pub fn set(&self, settings: &Settings) -> Result<()> {
        self.settings.write(settings)
    }

    /// Keeps a token in the system's keyring, or forgets the one that is kept there.
    pub async fn set_token(&self, token: Option<String>) -> Result<()> {
        let keyring = self.keyring.clone();
        blocking("storing the token of the hub", move || match token {
            Some(token) => keyring.keep(&token),
            None => keyring.forget(),
        })
        .await
    }
}
