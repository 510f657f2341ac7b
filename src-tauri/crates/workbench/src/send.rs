//! What is sent to a project: what of it lies there is found by listing, since the files API says no more than names and
//! sizes.
//!
//! Nothing there can be linked or joined by the API, so that is left to the script that starts the worker: it reads from
//! `arrivals.json` in the run's folder which files it joins from parts, and which contents it links into that folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use compute::{Packed, Piece, Sent};
use platform::{Progress, Work};
use schema::{Error, ErrorCode};
use serde::Serialize;

use crate::{client::Workbench, failure::Result, files::Source};

/// The file in a run's folder with what its start joins and links.
const ARRIVALS: &str = "arrivals.json";
/// Larger files are sent in parts of this size: a gateway gives up after 30 seconds.
const PART: u64 = 32 << 20;

/// A file that is joined from parts there. Paths are relative to the project's folder.
#[derive(Debug, Serialize)]
struct Join {
    to: String,
    /// The folder with its parts, whose names are in their order.
    parts: String,
    sha256: String,
    size: u64,
}

/// What the start of a worker does before it starts it.
#[derive(Debug, Default, Serialize)]
struct Arrivals {
    joins: Vec<Join>,
    /// What is read at the second path lies at the first.
    links: Vec<(String, String)>,
}

/// One upload.
struct Upload {
    from: PathBuf,
    /// Where it begins in the file.
    at: u64,
    bytes: u64,
    to: String,
}

/// Finds out what lies there, with one listing for each folder.
struct Listings<'a> {
    workbench: &'a Workbench,
    known: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Listings<'_> {
    /// The bytes of a file; none if it is not there.
    async fn size(&mut self, path: &str) -> Result<Option<u64>> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if !self.known.contains_key(folder) {
            let listed = self.workbench.files(folder).await?.unwrap_or_default();
            let files = listed.into_iter().filter(|file| !file.is_dir);
            let sizes = files.map(|file| (file.name, file.bytes.unsigned_abs())).collect();
            self.known.insert(folder.to_owned(), sizes);
        }
        Ok(self.known.get(folder).and_then(|files| files.get(name)).copied())
    }
}

impl Workbench {
    /// Sends what does not lie there yet of a parcel, whose paths are those below the folder `root` of the project. After a
    /// failure, the same call sends what is missing then. Progress is in bytes of the whole parcel; what lies there counts
    /// as done.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault). A file here changed or can't be read, or the work was stopped.
    pub async fn send_parcel(&self, root: &str, packed: Packed, work: &Work) -> Result<Sent> {
        let mut listings = Listings { workbench: self, known: BTreeMap::new() };
        let (total, small) = (packed.total(), packed.small());
        let mut arrivals = Arrivals::default();
        let mut uploads = Vec::new();
        let mut folders = BTreeSet::new();
        for (piece, to) in &packed.files {
            let lies = format!("{root}/{}", piece.to);
            listings.plan(root, piece, &lies, &mut uploads, &mut arrivals).await?;
            arrivals.links.push((lies, format!("{root}/{to}")));
            folders.extend(to.rsplit_once('/').map(|(folder, _)| folder.to_owned()));
        }
        for piece in &packed.own {
            let to = format!("{root}/{}", piece.to);
            listings.plan(root, piece, &to, &mut uploads, &mut arrivals).await?;
        }
        for folder in &packed.folders {
            for piece in &folder.pieces {
                let to = format!("{root}/{}/{}", folder.name, piece.to);
                listings.plan(root, piece, &to, &mut uploads, &mut arrivals).await?;
            }
        }
        let mut seen = BTreeSet::new();
        uploads.retain(|upload| seen.insert(upload.to.clone()));
        let missing: u64 = uploads.iter().map(|upload| upload.bytes).sum();
        let (mut done, mut sent) = (total.saturating_sub(small + missing), 0);
        let mut progress = |more: u64| {
            (done, sent) = (done + more, sent + more);
            Ok(work.tick(Progress { done: done.min(total), total: Some(total), rows: 0 })?)
        };
        progress(0)?;
        self.upload_all(&uploads, &mut progress).await?;
        for (bytes, to) in &packed.bytes {
            self.write_file(&format!("{root}/{to}"), bytes).await?;
            progress(bytes.len() as u64)?;
        }
        if !folders.is_empty() {
            let text = serde_json::to_vec(&arrivals)
                .map_err(|error| Error::internal("writing what was sent", &error))?;
            for folder in folders {
                self.write_file(&format!("{root}/{folder}/{ARRIVALS}"), &text).await?;
            }
        }
        let folders = packed.folders.into_iter().map(|folder| folder.name).collect();
        Ok(Sent { bytes: sent, folders })
    }

    /// Sends files that do not lie there. Each is tried once, then one listing of each folder shows what arrived; what did
    /// not is sent with more care.
    async fn upload_all(
        &self,
        uploads: &[Upload],
        progress: &mut impl FnMut(u64) -> Result<()>,
    ) -> Result<()> {
        for upload in uploads {
            let content = upload.content().await?;
            self.send_once(Source::of(&content, &upload.from), &upload.to, upload.bytes).await?;
            progress(upload.bytes)?;
        }
        let mut listings = Listings { workbench: self, known: BTreeMap::new() };
        for upload in uploads {
            if listings.size(&upload.to).await? != Some(upload.bytes) {
                let content = upload.content().await?;
                self.put(Source::of(&content, &upload.from), &upload.to).await?;
            }
        }
        Ok(())
    }
}

impl Listings<'_> {
    /// Adds what has to be uploaded so that a file lies at `to` there, or is joined there.
    async fn plan(
        &mut self,
        root: &str,
        piece: &Piece,
        to: &str,
        uploads: &mut Vec<Upload>,
        arrivals: &mut Arrivals,
    ) -> Result<()> {
        let there = self.size(to).await?;
        if there == Some(piece.size) {
            return Ok(());
        }
        let from = || piece.from.clone();
        if piece.size <= PART {
            if there.is_some() {
                // An upload beside what is there would get another name.
                self.workbench.delete_file(to).await?;
            }
            uploads.push(Upload { from: from(), at: 0, bytes: piece.size, to: to.to_owned() });
            return Ok(());
        }
        let parts = format!("{root}/parts/{}", piece.sha256);
        let mut at = 0;
        while at < piece.size {
            let bytes = PART.min(piece.size - at);
            let part = format!("{parts}/{:06}", at / PART);
            if self.size(&part).await? != Some(bytes) {
                uploads.push(Upload { from: from(), at, bytes, to: part });
            }
            at += bytes;
        }
        arrivals.joins.push(Join {
            to: to.to_owned(),
            parts,
            sha256: piece.sha256.clone(),
            size: piece.size,
        });
        Ok(())
    }
}

impl Upload {
    /// The bytes of a part; none of a whole file, which is read while it is sent.
    async fn content(&self) -> Result<Option<Vec<u8>>> {
        let (path, at, bytes) = (self.from.clone(), self.at, self.bytes);
        let read = platform::blocking("reading a file to send", move || {
            let failed = |error: std::io::Error| Error::file("read", &path, &error);
            let mut file = File::open(&path).map_err(failed)?;
            let size = file.metadata().map_err(failed)?.len();
            if at == 0 && size == bytes {
                return Ok(None);
            }
            let mut content = Vec::new();
            file.seek(SeekFrom::Start(at)).map_err(failed)?;
            file.take(bytes).read_to_end(&mut content).map_err(failed)?;
            if content.len() as u64 == bytes && (at > 0 || size > bytes) {
                Ok(Some(content))
            } else {
                Err(changed(&path))
            }
        });
        Ok(read.await?)
    }
}

fn changed(path: &Path) -> Error {
    Error::new(ErrorCode::File, format!("{} changed while it was sent.", path.display()))
        .hint("Send it again once nothing writes to it.")
}
