//! The files of a repository at a commit.

use std::path::PathBuf;

use schema::{Error, ErrorCode, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::{HubAnswer, HubKind, client::HubClient};

/// A commit of a repository and the files in it.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) commit: String,
    pub(crate) files: Vec<RemoteFile>,
}

/// A file of a repository on the Hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RemoteFile {
    /// The path within the repository, with `/`.
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) hash: FileHash,
}

/// The hash of a file's content, which is its name in the cache.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum FileHash {
    /// SHA-256 of the content, in hexadecimal digits: files in Git LFS.
    Sha256(String),
    /// SHA-1 of the content as a blob of Git, in hexadecimal digits: all others.
    GitBlob(String),
}

impl FileHash {
    pub(crate) fn digits(&self) -> &str {
        match self {
            Self::Sha256(digits) | Self::GitBlob(digits) => digits,
        }
    }

    fn is_valid(&self) -> bool {
        let length = match self {
            Self::Sha256(_) => 64,
            Self::GitBlob(_) => 40,
        };
        self.digits().len() == length
            && self.digits().bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    }
}

/// An entry of `GET /api/models/{name}/tree/{commit}`.
#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    oid: String,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    oid: String,
    size: u64,
}

impl HubClient {
    /// Lists a repository at a revision.
    pub(crate) async fn list(&self, kind: HubKind, name: &str, revision: &str) -> Result<Listing> {
        let base = format!("{}/api/{kind}s/{name}", self.endpoint);
        let address = format!("{base}/revision/{}", encoded(revision));
        let commit = self.page(&address, name).await.map_err(HubAnswer::into_error)?;
        let commit = commit.value.get("sha").and_then(Value::as_str).filter(|sha| is_commit(sha));
        let commit = commit.ok_or_else(|| invalid_answer(name))?.to_owned();
        let mut next = Some(format!("{base}/tree/{commit}?recursive=true&expand=false"));
        let mut files = Vec::new();
        while let Some(address) = next {
            let page = self.page(&address, name).await.map_err(HubAnswer::into_error)?;
            let entries: Vec<Entry> = serde_json::from_value(page.value).map_err(|_| invalid_answer(name))?;
            for entry in entries.into_iter().filter(|entry| entry.kind == "file") {
                files.push(remote_file(entry, name)?);
            }
            next = page.next;
        }
        Ok(Listing { commit, files })
    }
}

fn remote_file(entry: Entry, repository: &str) -> Result<RemoteFile> {
    relative(&entry.path)?;
    let (hash, size) = match entry.lfs {
        Some(lfs) => (FileHash::Sha256(lfs.oid.trim_start_matches("sha256:").to_owned()), lfs.size),
        None => (FileHash::GitBlob(entry.oid), entry.size),
    };
    if !hash.is_valid() {
        return Err(invalid_answer(repository));
    }
    Ok(RemoteFile { name: entry.path, size, hash })
}

/// Whether a text is the full hash of a commit. It becomes the name of a folder.
fn is_commit(sha: &str) -> bool {
    sha.len() >= 7 && sha.len() <= 64 && sha.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A text as one part of an address: `refs/pr/1` is one revision.
pub(crate) fn encoded(part: &str) -> String {
    url::form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>().replace('+', "%20")
}

fn invalid_answer(name: &str) -> Error {
    Error::new(
        ErrorCode::Unreachable,
        format!("The Hub sent a list of the files of {name} that can't be parsed."),
    )
    .hint("If the address of the Hub is that of a mirror, use another.")
}

/// The folder and the name of a file within a repository, as parts of a path.
///
/// # Errors
///
/// If the name leads out of the repository.
pub(crate) fn relative(name: &str) -> Result<PathBuf> {
    let is_safe = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    if name.split('/').all(is_safe) {
        return Ok(name.split('/').collect());
    }
    let message = format!("The repository has a file with the name '{name}', which leads out of its folder.");
    Err(Error::new(ErrorCode::Invalid, message).hint("Do not use this repository."))
}
