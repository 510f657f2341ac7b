//! What this machine has of an archive's files.

use std::path::Path;

use platform::Work;
use schema::{ErrorCode, Result};
use serde_json::Value;
use store::Store;

use crate::{
    hashing::hash,
    manifest::{ArchivedFolder, ArchivedReference, Manifest},
    progress::{ArchiveProgress, ArchiveStep, Bytes},
};

/// What the store has of a row that refers to files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Here {
    /// No row with that id.
    Nothing,
    /// The row, with the same files at this path.
    Same(String),
    /// The row, with other files or none.
    Different,
}

/// What the store has of each reference of an archive, by folder. Files are compared by their sizes, then by
/// their hashes.
pub(super) async fn here(
    store: &Store,
    manifest: &Manifest,
    work: &Work<ArchiveProgress>,
) -> Result<Vec<Vec<Here>>> {
    let mut all = Vec::new();
    for folder in &manifest.folders {
        let mut found = Vec::new();
        for reference in &folder.references {
            found.push(of(store, folder, reference, work).await?);
        }
        all.push(found);
    }
    Ok(all)
}

async fn of(
    store: &Store,
    folder: &ArchivedFolder,
    reference: &ArchivedReference,
    work: &Work<ArchiveProgress>,
) -> Result<Here> {
    let row = match store.get(reference.table, &reference.id).await {
        Ok(listed) => listed.row,
        Err(error) if error.code == ErrorCode::NotFound => return Ok(Here::Nothing),
        Err(error) => return Err(error),
    };
    let Some(location) = row.get(&reference.column).and_then(Value::as_str).map(str::to_owned) else {
        return Ok(Here::Different);
    };
    let (files, work) = (wanted(folder, reference), work.clone());
    platform::blocking("comparing files", move || {
        let same = are_the_same(Path::new(&platform::absolute(&location)), &files, &work)?;
        Ok(if same { Here::Same(location) } else { Here::Different })
    })
    .await
}

/// The files that a reference leads to: their paths below it, their sizes and hashes.
type Wanted = Vec<(String, u64, String)>;

fn wanted(folder: &ArchivedFolder, reference: &ArchivedReference) -> Wanted {
    let below = |path: &str| {
        let rest = path.strip_prefix(&reference.path)?;
        if rest.is_empty() { Some(String::new()) } else { rest.strip_prefix('/').map(str::to_owned) }
    };
    let files = folder.files.iter();
    files.filter_map(|file| Some((below(&file.path)?, file.bytes, file.blake3.clone()))).collect()
}

/// Whether these files are at a path. Others may be there as well.
fn are_the_same(at: &Path, files: &Wanted, work: &Work<ArchiveProgress>) -> Result<bool> {
    let path = |inner: &str| if inner.is_empty() { at.to_owned() } else { at.join(inner) };
    let has_size = |(inner, bytes, _): &(String, u64, String)| {
        std::fs::metadata(path(inner)).is_ok_and(|found| found.is_file() && found.len() == *bytes)
    };
    if !at.exists() || !files.iter().all(has_size) {
        return Ok(false);
    }
    let mut counted = Bytes::new(work, ArchiveStep::Comparing, files.iter().map(|(_, bytes, _)| bytes).sum());
    for (inner, bytes, wanted) in files {
        match hash(&path(inner), *bytes, &mut counted) {
            Ok(hash) if hash.to_string() == *wanted => {}
            Err(error) if error.code == ErrorCode::Cancelled => return Err(error),
            // One that can't be read is not the same for certain.
            _ => return Ok(false),
        }
    }
    Ok(true)
}
