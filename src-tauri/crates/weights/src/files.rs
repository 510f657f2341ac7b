//! The small files of a folder, read within bounds.

use std::{fs::File, io::Read as _, path::Path};

use schema::{Error, ErrorCode, Result};
use serde_json::{Map, Value};

/// Far above any real one: a tokenizer's configuration with all its added tokens has a few
/// megabytes.
const LARGEST: u64 = 32 << 20;

/// A JSON object from a file of ordinary size.
pub(crate) fn object(path: &Path) -> Result<Map<String, Value>> {
    let file = regular(path)?;
    let mut text = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut text).map_err(|error| Error::file("read", path, &error))?;
    if text.len() as u64 > LARGEST {
        return Err(unreadable(path, &"it is far too large"));
    }
    serde_json::from_slice(&text).map_err(|error| unreadable(path, &error))
}

/// Opens a file. A pipe or a device of that name would never end.
pub(super) fn regular(path: &Path) -> Result<File> {
    let failed = |error| Error::file("read", path, &error);
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(unreadable(path, &"it is not a file"));
    }
    File::open(path).map_err(failed)
}

pub(super) fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorCode::File, format!("{} can't be parsed: {why}.", path.display()))
        .hint("Get the file again from where it came from.")
}

/// The names of the files in a folder, links to nowhere included, in order.
pub(super) fn names(folder: &Path) -> Result<Vec<String>> {
    let failed = |error| Error::file("read", folder, &error);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}
