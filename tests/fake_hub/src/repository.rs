//! The repositories that a hub holds.

use bytes::Bytes;
use serde_json::{Map, Value};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// A repository with its files, at one commit.
#[derive(Debug, Clone)]
pub struct Repository {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) files: Vec<File>,
    pub(crate) is_gated: bool,
    pub(crate) token: Option<String>,
    /// What lists say of it.
    pub(crate) listed: Map<String, Value>,
}

#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) content: Bytes,
    pub(crate) is_large: bool,
    /// SHA-256 in Git LFS, else the hash of Git's blob.
    pub(crate) hash: String,
}

impl Repository {
    /// A model or an adapter without files.
    pub fn model(name: &str) -> Self {
        Self::new("models", name)
    }

    /// A dataset without files.
    pub fn dataset(name: &str) -> Self {
        Self::new("datasets", name)
    }

    pub(crate) fn new(kind: &'static str, name: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            files: Vec::new(),
            is_gated: false,
            token: None,
            listed: Map::new(),
        }
    }

    /// Adds a file that is in Git.
    #[must_use]
    pub fn file(mut self, name: &str, content: impl Into<Bytes>) -> Self {
        let content = content.into();
        let mut hasher = Sha1::new_with_prefix(format!("blob {}\0", content.len()).as_bytes());
        hasher.update(&content);
        let hash = hex(&hasher.finalize());
        self.files.push(File { name: name.to_owned(), content, is_large: false, hash });
        self
    }

    /// Adds a file that is in Git LFS.
    #[must_use]
    pub fn large_file(mut self, name: &str, content: impl Into<Bytes>) -> Self {
        let content = content.into();
        let hash = hex(&Sha256::digest(&content));
        self.files.push(File { name: name.to_owned(), content, is_large: true, hash });
        self
    }

    /// Access to its files must be requested.
    #[must_use]
    pub fn gated(mut self) -> Self {
        self.is_gated = true;
        self
    }

    /// Only requests with this token see it.
    #[must_use]
    pub fn private(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The commit, which depends on the names and contents of the files.
    pub fn commit(&self) -> String {
        let mut hasher = Sha1::new();
        for file in &self.files {
            hasher.update(file.name.as_bytes());
            hasher.update(file.hash.as_bytes());
        }
        hex(&hasher.finalize())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
