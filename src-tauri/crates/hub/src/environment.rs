//! The environment variables of the Hugging Face libraries
//! (<https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables>).

use std::path::PathBuf;

use platform::absolute;

/// The address of the Hugging Face Hub.
pub(crate) const HUGGING_FACE: &str = "https://huggingface.co";

/// The address of another dataset server. The libraries have no variable for it.
const DATASETS_SERVER: &str = "FINE_TUNING_STUDIO_DATASETS_SERVER";

/// The environment variables about the Hub. A blank variable counts as unset.
#[derive(Clone)]
pub struct Environment {
    variables: Vec<(&'static str, String)>,
}

/// The variables that are read.
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
    /// The variables of this process.
    pub fn from_process() -> Self {
        Self::from_variables(NAMES.iter().filter_map(|name| Some((*name, std::env::var(name).ok()?))))
    }

    /// Only these variables.
    pub fn from_variables<'a>(variables: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let known = |(name, value): (&str, String)| {
            let name = NAMES.iter().find(|known| **known == name)?;
            (!value.trim().is_empty()).then(|| (*name, value.trim().to_owned()))
        };
        Self { variables: variables.into_iter().filter_map(known).collect() }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
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

    /// The local cache of the Hub.
    pub fn hub_cache(&self) -> PathBuf {
        self.path("HF_HUB_CACHE").unwrap_or_else(|| self.home().join("hub"))
    }

    /// The file that `hf auth login` writes.
    pub(crate) fn token_file(&self) -> PathBuf {
        self.path("HF_TOKEN_PATH").unwrap_or_else(|| self.home().join("token"))
    }

    /// The address of the Hub that a variable sets.
    pub(crate) fn endpoint(&self) -> Option<&str> {
        self.get("HF_ENDPOINT").map(|address| address.trim_end_matches('/'))
    }

    /// Whether a variable forbids every request. The values are those that the libraries accept.
    pub(crate) fn offline(&self) -> bool {
        self.get("HF_HUB_OFFLINE")
            .is_some_and(|value| ["1", "on", "yes", "true"].iter().any(|yes| value.eq_ignore_ascii_case(yes)))
    }

    /// The address of the dataset server, which is by convention a subdomain of the Hub.
    pub(crate) fn datasets_server(&self, endpoint: &str) -> String {
        match self.get(DATASETS_SERVER) {
            Some(address) => address.trim_end_matches('/').to_owned(),
            None => endpoint.replacen("://", "://datasets-server.", 1),
        }
    }
}

impl std::fmt::Debug for Environment {
    /// The names only, because one of the values is a token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.variables.iter().map(|(name, _)| name)).finish()
    }
}
