//! What a person has set on this machine, whichever database is open. It lies in the platform's
//! folder for configuration.

use std::{
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};

/// The settings of a person on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default)]
pub struct Settings {
    /// Make no request at all.
    pub offline: bool,
    /// The address of the hub to ask instead of Hugging Face's own.
    pub endpoint: Option<String>,
    /// The Python program to train with. Unset, the program's own environment is taken, else the
    /// first that has what is needed.
    pub python: Option<String>,
}

/// The file with the settings.
#[derive(Debug, Clone)]
pub struct SettingsFile(PathBuf);

impl SettingsFile {
    /// The person's own, in the platform's folder for configuration; in the working folder on a
    /// system without one.
    pub fn of_user() -> Self {
        let folder = directories::ProjectDirs::from("", "", "fine-tuning-studio");
        Self::at(folder.map_or_else(PathBuf::new, |dirs| dirs.config_dir().to_owned()).join("settings.json"))
    }

    /// A file of one's own.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What is set. A file that isn't there sets nothing, and one that can't be parsed is
    /// taken for the careful choice: offline.
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

    /// Sets all of it, by a new file in the place of the old.
    pub fn write(&self, settings: &Settings) -> Result<()> {
        let endpoint = settings.endpoint.as_deref().map(address).transpose()?;
        let settings = Settings { endpoint, ..settings.clone() };
        let folder = self.0.parent().unwrap_or(Path::new("."));
        let failed = |error: std::io::Error| Error::file("write", &self.0, &error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        let text = serde_json::to_string_pretty(&settings)
            .map_err(|error| Error::internal("writing the settings", &error))?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.persist(&self.0).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

/// An address without the slash at its end. A name and password in it would be written into the
/// file.
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
