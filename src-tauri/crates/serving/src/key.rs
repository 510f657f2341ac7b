//! The key that requests carry.

use std::{fmt, fs, path::Path};

use platform::{AtomicFile, Keyring};
use schema::{Error, ErrorCode, Result};
use uuid::Uuid;

/// Its entry in the keyring.
const ENTRY: &str = "endpoint-key";
/// A shorter key could be guessed. In characters.
const SHORTEST: usize = 16;

/// A key. `Debug` does not show its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A new key of 244 random bits.
    pub fn new() -> Self {
        Self(format!("fts-{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()))
    }

    /// The key in a file. A file that is not there is made, with a new key, for its owner alone.
    ///
    /// # Errors
    /// The file can't be read or made, or holds no key.
    pub fn from_file(path: &Path) -> Result<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = Self::new();
                // Atomic files are readable by their owner alone.
                AtomicFile::write_all(path, format!("{}\n", key.0).as_bytes())?;
                return Ok(key);
            }
            Err(error) => return Err(Error::file("read", path, &error)),
        };
        let key = text.trim();
        // The key becomes part of an HTTP header.
        if key.len() < SHORTEST || !key.chars().all(|c| c.is_ascii_graphic()) {
            let message = format!(
                "{} holds no key: a key has {SHORTEST} ASCII characters or more, and no spaces.",
                path.display()
            );
            return Err(
                Error::new(ErrorCode::Invalid, message).hint("Delete the file to get a new key in it.")
            );
        }
        Ok(Self(key.to_owned()))
    }

    /// The key in the keyring. None where there is none, or no keyring.
    pub(crate) fn from_keyring(keyring: &Keyring) -> Option<Self> {
        keyring.read(ENTRY).ok().flatten().filter(|key| key.len() >= SHORTEST).map(Self)
    }

    /// Keeps the key in the keyring in place of an earlier one. Returns whether there is a keyring.
    pub(crate) fn keep(&self, keyring: &Keyring) -> bool {
        keyring.store(ENTRY, &self.0).is_ok()
    }

    /// The text, for the user and for requests.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the endpoint remembers of it. Two hashes are compared in constant time.
    pub(crate) fn hash(&self) -> blake3::Hash {
        blake3::hash(self.0.as_bytes())
    }
}

impl Default for Key {
    fn default() -> Self {
        Self::new()
    }
}
