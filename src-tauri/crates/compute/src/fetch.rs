//! What is brought from a target.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use platform::{Progress, Work, blocking};
use schema::{Error, ErrorCode, Result};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{
    channel::Channel,
    connection::{Connection, parsed},
    content::hex,
    window::{Window, or_stopped},
};

/// The bytes of one request.
const BLOCK: u64 = 1 << 19;

/// The requests that are under way at once.
const UNDER_WAY: usize = 8;

#[derive(Deserialize)]
struct Listed {
    kind: Kind,
    /// Names within the folder, with sizes; one empty name for a file.
    files: Vec<(String, u64)>,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    File,
    Folder,
}

#[derive(Deserialize)]
struct Hashed {
    sha256: String,
    size: u64,
}

#[derive(Deserialize)]
struct Block {}

impl Connection {
    /// The bytes of a file or of all files below a folder there; none if it does not exist.
    pub async fn size(&self, path: &str) -> Result<Option<u64>> {
        Ok(self.sizes([path].into_iter()).await?.into_iter().next().flatten())
    }

    /// Fetches a file or a folder to `to`, which appears whole or not at all: partial files lie beside it until then, and
    /// the same call continues them after a cut. Each file's hash is compared. What lies at `to` is replaced.
    pub async fn fetch(&self, path: &str, to: &Path, work: &Work) -> Result<()> {
        or_stopped(work, self.fetched(path, to, work)).await
    }

    async fn fetched(&self, path: &str, to: &Path, work: &Work) -> Result<()> {
        let listed: Listed = self.call(json!({ "do": "list", "path": path })).await?;
        let total = listed.files.iter().map(|(_, size)| size).sum();
        let mut done = 0;
        let mut progress = |more: i64| {
            done = u64::saturating_add_signed(done, more);
            work.tick(Progress { done, total: Some(total), rows: 0 })
        };
        let staged = staging(to);
        let channel = self.channel().await?;
        for (name, size) in &listed.files {
            let (there, here) = if listed.kind == Kind::File {
                (path.to_owned(), staged.clone())
            } else {
                (format!("{path}/{name}"), name_within(&staged, name)?)
            };
            fetch_file(&channel, &there, *size, &here, &mut progress).await?;
        }
        if listed.kind == Kind::Folder {
            fs::create_dir_all(&staged).map_err(|error| Error::file("create", &staged, &error))?;
        }
        let to = to.to_owned();
        blocking("moving what was fetched into place", move || put_in_place(&staged, &to)).await
    }
}

/// A name from there below a folder here.
///
/// # Errors
/// It leads out of the folder.
pub fn name_within(folder: &Path, name: &str) -> Result<PathBuf> {
    let usual =
        |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']);
    if name.split('/').all(usual) {
        return Ok(name.split('/').fold(folder.to_owned(), |path, part| path.join(part)));
    }
    Err(Error::new(ErrorCode::File, format!("The name {name:?} can't be used on this machine.")))
}

/// Where what is fetched to `to` lies until it is complete.
pub fn staging(to: &Path) -> PathBuf {
    beside(to, ".fetching")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// Fetches one file unless it is complete. Its partial file lies beside it.
async fn fetch_file(
    channel: &Channel,
    there: &str,
    size: u64,
    here: &Path,
    progress: &mut impl FnMut(i64) -> Result<()>,
) -> Result<()> {
    let whole = fs::metadata(here).is_ok_and(|about| about.is_file() && about.len() == size);
    if whole {
        return progress(size.cast_signed());
    }
    if let Some(folder) = here.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
    }
    let path = beside(here, ".part");
    // A part of an earlier content has another hash in the end; then everything is brought once more.
    for attempt in 0..2 {
        let mut part = Part::open(&path, size, attempt > 0).await?;
        progress(part.at.cast_signed())?;
        let hashed = channel.ask(json!({ "do": "hash", "path": there, "size": size }), &[]).await?;
        let mut window: Window<Vec<u8>> = Window::new(UNDER_WAY);
        let mut asked = part.at;
        while part.at < size {
            while asked < size && !window.is_full() {
                let length = BLOCK.min(size - asked);
                let head = json!({ "do": "read", "path": there, "at": asked, "length": length });
                let answer = channel.ask(head, &[]).await?;
                window.push(async move { parsed::<Block>(answer.await?).map(|(_, bytes)| bytes) });
                asked += length;
            }
            let Some(bytes) = window.next().await.transpose()? else { break };
            if bytes.is_empty() {
                return Err(Error::new(
                    ErrorCode::File,
                    format!("{there} became shorter while it was fetched."),
                ));
            }
            part.append(&bytes)?;
            progress(bytes.len() as i64)?;
        }
        let (Hashed { sha256, size: length }, _) = parsed(hashed.await?)?;
        if length == size && sha256 == hex(&part.hash.finalize()) {
            return fs::rename(&path, here).map_err(|error| Error::file("rename", &path, &error));
        }
        progress(-size.cast_signed())?;
    }
    let _ = fs::remove_file(&path);
    Err(Error::new(ErrorCode::File, format!("{there} changed while it was fetched.")).hint("Fetch it again."))
}

/// A file that is being received.
struct Part {
    file: File,
    path: PathBuf,
    at: u64,
    hash: Sha256,
}

impl Part {
    /// Opens the partial file to append to it. If `anew`, it is emptied first.
    async fn open(path: &Path, size: u64, anew: bool) -> Result<Self> {
        let path = path.to_owned();
        blocking("reading a part of a file", move || {
            let failed = |error: std::io::Error| Error::file("write", &path, &error);
            let mut file =
                OpenOptions::new().create(true).read(true).append(true).open(&path).map_err(failed)?;
            if anew || file.metadata().map_err(failed)?.len() > size {
                file.set_len(0).map_err(failed)?;
            }
            let (mut at, mut hash, mut block) = (0, Sha256::new(), vec![0; 1 << 20]);
            loop {
                let length = file.read(&mut block).map_err(failed)?;
                if length == 0 {
                    break;
                }
                hash.update(&block[..length]);
                at += length as u64;
            }
            Ok(Self { file, path, at, hash })
        })
        .await
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| Error::file("write", &self.path, &error))?;
        self.hash.update(bytes);
        self.at += bytes.len() as u64;
        Ok(())
    }
}

/// Gives what was fetched its name. What has that name is moved aside first and removed after.
///
/// # Errors
/// It can't be renamed.
pub fn put_in_place(staged: &Path, to: &Path) -> Result<()> {
    let failed = |error: std::io::Error| Error::file("write", to, &error);
    let old = beside(to, ".replaced");
    let replaces = to.is_dir();
    if replaces {
        fs::rename(to, &old).map_err(failed)?;
    }
    fs::rename(staged, to).map_err(failed)?;
    if replaces && let Err(error) = fs::remove_dir_all(&old) {
        tracing::warn!("{} could not be removed: {error}", old.display());
    }
    Ok(())
}
