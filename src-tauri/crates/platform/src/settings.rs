//! The settings of a user on this machine, independent of the open database.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};

use crate::{AtomicFile, folders};

/// The settings of a user on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default)]
pub struct Settings {
    /// Makes no request to the network.
    pub offline: bool,
    /// The address of a hub to use instead of huggingface.co.
    pub endpoint: Option<String>,
    /// The path of the Python to train with. If it is not set, the program's own environment is used,
    /// else the first Python with the required libraries.
    pub python: Option<String>,
}

/// The file with the settings.
#[derive(Debug, Clone)]
pub struct SettingsFile(PathBuf);

impl SettingsFile {
    /// The file of the current user: `settings.json` in the platform's folder for settings, else in the
    /// working folder.
    pub fn from_user_folder() -> Self {
        Self::from_path(folders::config().unwrap_or_default().join("settings.json"))
    }

    /// The file with this path, which need not exist.
    pub fn from_path(path: PathBuf) -> Self {
        Self(path)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Reads the settings. A missing file gives the defaults. A file that can't be parsed gives the
    /// defaults with `offline` set, because it may have forbidden requests.
    pub fn read(&self) -> Settings {
        let text = match std::fs::read_to_string(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Settings::default(),
            other => other,
        };
        let parsed =
            text.map_err(|e| e.to_string()).and_then(|t| serde_json::from_str(&t).map_err(|e| e.to_string()));
        parsed.unwrap_or_else(|error| {
            tracing::warn!("{}: {error}", self.0.display());
            Settings { offline: true, ..Settings::default() }
        })
    }

    /// Replaces all settings.
    pub fn write(&self, settings: &Settings) -> Result<()> {
        let endpoint = settings.endpoint.as_deref().map(address).transpose()?;
        let settings = Settings { endpoint, ..settings.clone() };
        let text = serde_json::to_vec_pretty(&settings)
            .map_err(|error| Error::internal("writing the settings", &error))?;
        if let Some(folder) = self.0.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
        }
        AtomicFile::write_all(&self.0, &text)
    }
}

/// Checks an address and removes the slash at its end. User names and passwords are refused, because
/// the file is not secret.
fn address(text: &str) -> Result<String> {
    let text = text.trim().trim_end_matches('/');
    let url = url::Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty()
    });
    match url {
        Some(_) => Ok(text.to_owned()),
        None => Err(Error::new(ErrorCode::Invalid, format!("'{text}' is not the address of a hub."))
            .hint("Write it like https://huggingface.co, or leave it empty.")
            .on("endpoint")),
    }
}
