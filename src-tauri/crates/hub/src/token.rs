//! The token for the hub: where it comes from, and how it is kept. It never leaves the core but
//! in a request to the hub.

use std::{fmt, path::Path};

use keyring::Entry;
use schema::{Error, ErrorCode, Result};
use serde::Serialize;

use super::Environment;

/// A token. Its text shows in no log.
pub(super) struct Token(String);

impl Token {
    /// The text, for the header of a request.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Where the token comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum TokenSource {
    /// A variable of the environment.
    Environment {
        /// Its name.
        variable: String,
    },
    /// The system's keyring.
    Keyring,
    /// The file that `hf auth login` writes.
    File {
        /// Its path.
        path: String,
    },
    /// There is none.
    None,
}

/// What is known of the token without telling it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct TokenState {
    /// Where the one in use comes from.
    pub source: TokenSource,
    /// One is kept in the system's keyring, in use or not.
    pub kept: bool,
    /// Why the system's keyring can't be used, if it can't.
    pub keyring_problem: Option<String>,
}

const VARIABLE: &str = "HF_TOKEN";
const USER: &str = "huggingface-token";

/// The system's keyring, under a name of the program's own.
#[derive(Debug, Clone)]
pub struct Keyring {
    service: String,
}

impl Keyring {
    /// What is kept under this name.
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

    /// Keeps a token, in the place of one kept before.
    pub(super) fn keep(&self, token: &str) -> Result<()> {
        let token = token.trim();
        // What stands in a header of HTTP, and what the hub makes tokens of.
        if token.is_empty() || !token.chars().all(|c| c.is_ascii_graphic()) {
            return Err(Error::new(ErrorCode::Invalid, "This is not a token.")
                .hint("Copy it from the hub's page of access tokens. It begins with hf_.")
                .on("token"));
        }
        self.entry().and_then(|entry| entry.set_password(token)).map_err(|error| unusable(&error))
    }

    /// Forgets the token; nothing to do where none is kept.
    pub(super) fn forget(&self) -> Result<()> {
        match self.entry().and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(unusable(&error)),
        }
    }
}

/// The library's own text may hold what was kept; only its kind is told.
fn unusable(error: &keyring::Error) -> Error {
    let why = match error {
        keyring::Error::NoStorageAccess(_) => "it is locked, or access was refused",
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => "what it holds is not a token",
        keyring::Error::Ambiguous(_) => "it holds several tokens under the same name",
        _ => "no such service answers here",
    };
    Error::new(ErrorCode::File, format!("The system's keyring can't be used: {why}.")).hint(format!(
        "Set the token in the environment variable {VARIABLE} instead, before the program starts."
    ))
}

/// The token in use: the environment's, else the one that was kept here, else that of the hub's
/// own programs.
pub(super) fn find(environment: &Environment, keyring: &Keyring) -> (TokenSource, Option<Token>) {
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

fn in_file(path: &Path) -> Option<Token> {
    let text = std::fs::read_to_string(path).ok()?;
    let token = text.trim();
    (!token.is_empty()).then(|| Token(token.to_owned()))
}

/// Where the token comes from, and whether the keyring works.
pub(super) fn state(environment: &Environment, keyring: &Keyring) -> TokenState {
    let (source, _) = find(environment, keyring);
    let (kept, keyring_problem) = match keyring.read() {
        Ok(token) => (token.is_some(), None),
        Err(error) => (false, Some(error.message)),
    };
    TokenState { source, kept, keyring_problem }
}
