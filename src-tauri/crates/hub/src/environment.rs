//! Where the Hugging Face libraries keep things and whom they ask, by the same variables
//! (<https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables>).

use std::path::PathBuf;

use platform::absolute;

/// The hub's own address.
pub(super) const HUGGING_FACE: &str = "https://huggingface.co";

/// Ours: another address of the service that tells the columns of datasets. The hub's libraries
/// have no variable for it.
const DATASETS_SERVER: &str = "FINE_TUNING_STUDIO_DATASETS_SERVER";

/// What the environment says about the hub. A blank variable counts as unset.
#[derive(Clone)]
pub struct Environment {
    variables: Vec<(&'static str, String)>,
}

/// The variables that are looked at.
const NAMES: &[&str] = &[
    "HOME",
    "XDG_CACHE_HOME",
    "HF_HOME",
    "HF_HUB_CACHE",
    "HF_TOKEN",
    "HF_TOKEN_PATH",
    "HF_ENDPOINT",
    "HF_HUB_OFFLINE",
    DATASETS_SERVER,
];

impl Environment {
    /// That of this process.
    pub fn of_process() -> Self {
        Self::of(NAMES.iter().filter_map(|name| Some((*name, std::env::var(name).ok()?))))
    }

    /// One made of these variables alone.
    pub fn of<'a>(variables: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let known = |(name, value): (&str, String)| {
            let name = NAMES.iter().find(|known| **known == name)?;
            (!value.trim().is_empty()).then(|| (*name, value.trim().to_owned()))
        };
        Self { variables: variables.into_iter().filter_map(known).collect() }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(|path| PathBuf::from(absolute(path)))
    }

    /// The folder of the Hugging Face libraries.
    fn home(&self) -> PathBuf {
        self.path("HF_HOME").unwrap_or_else(|| {
            let cache = self.path("XDG_CACHE_HOME");
            let cache = cache.or_else(|| self.path("HOME").map(|home| home.join(".cache")));
            cache.unwrap_or_else(|| PathBuf::from(absolute("~/.cache"))).join("huggingface")
        })
    }

    /// The local cache of the hub.
    pub fn hub_cache(&self) -> PathBuf {
        self.path("HF_HUB_CACHE").unwrap_or_else(|| self.home().join("hub"))
    }

    /// The file that `hf auth login` writes.
    pub(super) fn token_file(&self) -> PathBuf {
        self.path("HF_TOKEN_PATH").unwrap_or_else(|| self.home().join("token"))
    }

    /// The hub's address as the environment names it.
    pub(super) fn endpoint(&self) -> Option<&str> {
        self.get("HF_ENDPOINT").map(|address| address.trim_end_matches('/'))
    }

    /// Whether the environment forbids every request, in the words that the libraries take.
    pub(super) fn offline(&self) -> bool {
        self.get("HF_HUB_OFFLINE")
            .is_some_and(|value| ["1", "on", "yes", "true"].iter().any(|yes| value.eq_ignore_ascii_case(yes)))
    }

    /// The service that tells the columns of datasets. The libraries put its name before that of
    /// the hub at hand.
    pub(super) fn datasets_server(&self, endpoint: &str) -> String {
        match self.get(DATASETS_SERVER) {
            Some(address) => address.trim_end_matches('/').to_owned(),
            None => endpoint.replacen("://", "://datasets-server.", 1),
        }
    }
}

impl std::fmt::Debug for Environment {
    /// Without the values: one of them is a token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.variables.iter().map(|(name, _)| name)).finish()
    }
}
