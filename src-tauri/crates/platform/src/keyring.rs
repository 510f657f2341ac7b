//! The system's keyring.

use keyring::Entry;
use schema::{Error, ErrorCode, Result};

/// The program's entries in the system's keyring. Its methods block.
#[derive(Debug, Clone)]
pub struct Keyring {
    service: String,
}

impl Keyring {
    /// The entries of a service with this name.
    pub fn new(service: &str) -> Self {
        Self { service: service.to_owned() }
    }

    /// The text of an entry; none where there is no such entry.
    ///
    /// # Errors
    /// The keyring can't be used. The error does not contain the text.
    pub fn read(&self, entry: &str) -> Result<Option<String>> {
        match self.entry(entry).and_then(|entry| entry.get_password()) {
            Ok(text) => Ok(Some(text)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(unusable(&error)),
        }
    }

    /// Stores the text of an entry in place of an earlier one.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn store(&self, entry: &str, text: &str) -> Result<()> {
        self.entry(entry).and_then(|entry| entry.set_password(text)).map_err(|error| unusable(&error))
    }

    /// Removes an entry, if there is one.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn remove(&self, entry: &str) -> Result<()> {
        match self.entry(entry).and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(unusable(&error)),
        }
    }

    fn entry(&self, name: &str) -> keyring::Result<Entry> {
        Entry::new(&self.service, name)
    }
}

/// The message of the library may contain the stored text, so the error has only its kind.
fn unusable(error: &keyring::Error) -> Error {
    let why = match error {
        keyring::Error::NoStorageAccess(_) => "it is locked, or access was refused",
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => "its entry is not a token",
        keyring::Error::Ambiguous(_) => "it has several tokens with the same name",
        _ => "no keyring service answers",
    };
    Error::new(ErrorCode::File, format!("The system's keyring can't be used: {why}."))
}
