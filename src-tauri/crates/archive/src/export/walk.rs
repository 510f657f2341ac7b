//! The files of a folder, by their paths in an archive.

use std::{
    fs,
    path::{Path, PathBuf},
};

use platform::UNFINISHED_PREFIX;
use schema::{Error, ErrorCode, Result};

use super::places::PathInRow;
use crate::{left_out::LeftOut, names};

/// A file to archive.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Its path within its folder, with `/` between the parts.
    pub(super) inner: String,
    pub(super) file: PathBuf,
    pub(super) bytes: u64,
}

/// All files of a folder and its subfolders, by their names. `folder` has no links in it. What can't be
/// archived is added to `left_out`.
///
/// # Errors
/// A name can't be in an archive.
pub(super) fn files(folder: &Path, of: &PathInRow, left_out: &mut Vec<LeftOut>) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((at, inner)) = folders.pop() {
        let failed = |error| Error::file("read", &at, &error);
        for entry in fs::read_dir(&at).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(failed)?);
            let name = part(&path)?;
            if name.starts_with(UNFINISHED_PREFIX) {
                continue;
            }
            let inner = if inner.is_empty() { name } else { format!("{inner}/{name}") };
            if kind.is_dir() {
                folders.push((path, inner));
                continue;
            }
            let file = if kind.is_symlink() { resolved(&path, folder) } else { Ok(path.clone()) };
            match file.and_then(|file| Ok((size(&file)?, file))) {
                Ok((bytes, file)) => found.push(Source { inner, file, bytes }),
                Err(reason) => left_out.push(of.without(path.display().to_string(), reason)),
            }
        }
    }
    found.sort_by(|a, b| a.inner.cmp(&b.inner));
    Ok(found)
}

/// The file that a link in a folder leads to, or why it is not archived.
fn resolved(link: &Path, folder: &Path) -> Result<PathBuf, &'static str> {
    match link.canonicalize() {
        Err(_) => Err("It is a link to a file that does not exist."),
        Ok(file) if !file.starts_with(folder) => Err("It is a link that leads out of its folder."),
        Ok(file) if file.is_dir() => Err("It is a link to a folder."),
        Ok(file) => Ok(file),
    }
}

/// The size of a file, or why it is not archived.
fn size(file: &Path) -> Result<u64, &'static str> {
    match fs::metadata(file) {
        Ok(found) if found.is_file() => Ok(found.len()),
        Ok(_) => Err("It is a device, a socket or a pipe."),
        Err(_) => Err("It can't be read."),
    }
}

/// The name of a file or folder as a part of a path in an archive.
pub(super) fn part(path: &Path) -> Result<String> {
    let name = path.file_name().unwrap_or_default();
    let refused = |problem: &str| {
        Error::new(ErrorCode::Invalid, format!("The name of {} {problem}.", path.display()))
            .hint("Other systems could not have this file. Rename it, then export again.")
    };
    let text = name.to_str().ok_or_else(|| refused("is not UTF-8"))?;
    match names::problem(text) {
        Some(problem) => Err(refused(problem)),
        None => Ok(text.to_owned()),
    }
}
