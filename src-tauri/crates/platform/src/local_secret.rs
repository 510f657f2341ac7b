//! A secret of one user on one machine, by which the program recognizes what it noted itself.

use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::PathBuf,
};

use schema::{Error, Result};

use crate::SettingsFile;

/// The purpose of the key, so that the same secret gives other keys for other purposes.
const PURPOSE: &str = "fine-tuning-studio 2026 seals of texts that a person confirmed";

/// The file with the secret. It is made when the first text is sealed.
#[derive(Debug, Clone)]
pub struct LocalSecret(PathBuf);

impl LocalSecret {
    /// The secret beside the settings of a user.
    pub fn beside(settings: &SettingsFile) -> Self {
        Self(settings.path().with_file_name("local-secret"))
    }

    /// A text that shows that a user of this machine sealed `text` here. It says nothing about the secret.
    ///
    /// # Errors
    /// The secret can't be read or made.
    pub fn seal(&self, text: &str) -> Result<String> {
        let secret = match self.read()? {
            Some(secret) => secret,
            None => self.make()?,
        };
        Ok(sealed(&secret, text))
    }

    /// Whether `seal` is the seal of a text.
    pub fn has_sealed(&self, text: &str, seal: &str) -> bool {
        self.read().ok().flatten().is_some_and(|secret| sealed(&secret, text) == seal)
    }

    fn read(&self) -> Result<Option<Vec<u8>>> {
        match fs::read(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            read => Ok(Some(read.map_err(|error| Error::file("read", &self.0, &error))?)),
        }
    }

    fn make(&self) -> Result<Vec<u8>> {
        let failed = |error: std::io::Error| Error::file("write", &self.0, &error);
        let folder = self.0.parent().unwrap_or(std::path::Path::new("."));
        fs::create_dir_all(folder).map_err(failed)?;
        let secret = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
        // Temporary files are readable by their owner alone.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(secret.as_bytes()).map_err(failed)?;
        match file.persist_noclobber(&self.0) {
            Ok(_) => Ok(secret.into_bytes()),
            // Another process was faster.
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => fs::read(&self.0).map_err(failed),
            Err(error) => Err(failed(error.error)),
        }
    }
}

fn sealed(secret: &[u8], text: &str) -> String {
    let key = blake3::derive_key(PURPOSE, secret);
    blake3::keyed_hash(&key, text.as_bytes()).to_hex().to_string()
}
