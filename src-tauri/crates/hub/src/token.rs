//! The token for the hub: its sources and its storage. It leaves the core only in requests to the hub
//! and in the environment of a worker.

use std::{fmt, path::Path};

use keyring::Entry;
use schema::{Error, ErrorCode, Result};
use serde::Serialize;

use crate::Environment;

/// A token. `Debug` does not show its text.
pub(crate) struct Token(String);

impl Token {
    /// The text, for a request or a worker.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Where the token comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum TokenSource {
    /// An environment variable.
    Environment {
        /// The name.
        variable: String,
    },
    /// The system's keyring.
    Keyring,
    /// The file that `hf auth login` writes.
    File {
        /// The path.
        path: String,
    },
    /// There is no token.
    None,
}

/// What may be shown about the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TokenState {
    /// The source of the token in use.
    pub source: TokenSource,
    /// The system's keyring has a token, in use or not.
    pub kept: bool,
    /// Why the system's keyring can't be used.
    pub keyring_problem: Option<String>,
}

const VARIABLE: &str = "HF_TOKEN";
const USER: &str = "huggingface-token";

/// The program's entry in the system's keyring.
#[derive(Debug, Clone)]
pub struct Keyring {
    service: String,
}

impl Keyring {
    /// The entry of a service with this name.
    pub fn new(service: &str) -> Self {
        Self { service: service.to_owned() }
    }

    fn entry(&self) -> keyring::Result<Entry> {
        Entry::new(&self.service, USER)
    }

    fn read(&self) -> Result<Option<Token>> {
        match self.entry().and_then(|entry| entry.get_password()) {
            Ok(text) => Ok(Some(Token(text))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(unusable(&error)),
        }
    }

    /// Stores a token and replaces a stored one.
    pub(crate) fn store(&self, token: &str) -> Result<()> {
        let token = token.trim();
        // The token becomes part of an HTTP header.
        if token.is_empty() || !token.chars().all(|c| c.is_ascii_graphic()) {
            return Err(Error::new(ErrorCode::Invalid, "This is not a token.")
                .hint("Copy it from the hub's page of access tokens. It begins with hf_.")
                .on("token"));
        }
        self.entry().and_then(|entry| entry.set_password(token)).map_err(|error| unusable(&error))
    }

    /// Removes the stored token, if there is one.
    pub(crate) fn remove(&self) -> Result<()> {
        match self.entry().and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(unusable(&error)),
        }
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
    Error::new(ErrorCode::File, format!("The system's keyring can't be used: {why}.")).hint(format!(
        "Set the token in the environment variable {VARIABLE} instead, before the program starts."
    ))
}

/// The token in use: that of the environment variable, else that of the keyring, else that of the
/// hub's own programs.
pub(crate) fn find(environment: &Environment, keyring: &Keyring) -> (TokenSource, Option<Token>) {
    if let Some(token) = environment.get(VARIABLE) {
        return (TokenSource::Environment { variable: VARIABLE.to_owned() }, Some(Token(token.to_owned())));
    }
    if let Ok(Some(token)) = keyring.read() {
        return (TokenSource::Keyring, Some(token));
    }
    let file = environment.token_file();
    match in_file(&file) {
        Some(token) => (TokenSource::File { path: file.display().to_string() }, Some(token)),
        None => (TokenSource::None, None),
    }
}

/// The token in a file; `None` if the file is missing or blank.
fn in_file(path: &Path) -> Option<Token> {
    let text = std::fs::read_to_string(path).ok()?;
    let token = text.trim();
    (!token.is_empty()).then(|| Token(token.to_owned()))
}

/// The source of the token, and whether the keyring works.
pub(crate) fn state(environment: &Environment, keyring: &Keyring) -> TokenState {
    let (source, _) = find(environment, keyring);
    let (kept, keyring_problem) = match keyring.read() {
        Ok(token) => (token.is_some(), None),
        Err(error) => (false, Some(error.message)),
    };
    TokenState { source, kept, keyring_problem }
}
