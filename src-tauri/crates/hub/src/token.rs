//! The token for the Hub: its sources and its storage. It leaves the core only in requests to the Hub
//! and in the environment of a worker.

use std::{fmt, path::Path};

use platform::Keyring;
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
/// Its entry in the keyring.
const ENTRY: &str = "huggingface-token";

fn in_keyring(keyring: &Keyring) -> Result<Option<Token>> {
    Ok(keyring.read(ENTRY).map_err(unusable)?.map(Token))
}

/// Stores a token in the keyring and replaces a stored one.
pub(crate) fn store(keyring: &Keyring, token: &str) -> Result<()> {
    let token = token.trim();
    // The token becomes part of an HTTP header.
    if token.is_empty() || !token.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Error::new(ErrorCode::Invalid, "This is not a token.")
            .hint("Copy it from the Hub's page of access tokens. It begins with hf_.")
            .on("token"));
    }
    keyring.store(ENTRY, token).map_err(unusable)
}

/// Removes the stored token, if there is one.
pub(crate) fn remove(keyring: &Keyring) -> Result<()> {
    keyring.remove(ENTRY).map_err(unusable)
}

fn unusable(error: Error) -> Error {
    error.hint(format!(
        "Set the token in the environment variable {VARIABLE} instead, before the program starts."
    ))
}

/// The token in use: that of the environment variable, else that of the keyring, else that of the
/// Hub's own programs.
pub(crate) fn find(environment: &Environment, keyring: &Keyring) -> (TokenSource, Option<Token>) {
    if let Some(token) = environment.get(VARIABLE) {
        return (TokenSource::Environment { variable: VARIABLE.to_owned() }, Some(Token(token.to_owned())));
    }
    if let Ok(Some(token)) = in_keyring(keyring) {
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
    let (kept, keyring_problem) = match in_keyring(keyring) {
        Ok(token) => (token.is_some(), None),
        Err(error) => (false, Some(error.message)),
    };
    TokenState { source, kept, keyring_problem }
}
