//! Which kind of file this is.

use std::{
    fs::File,
    io::{BufRead, BufReader, Seek},
    path::Path,
};

use crate::{
    error::{Error, ErrorCode, Result},
    resources::DatasetType,
};

const SUFFIXES: [(&str, DatasetType); 3] = [
    ("csv", DatasetType::ProjectCsv),
    ("json", DatasetType::ProjectJson),
    ("jsonl", DatasetType::ProjectJsonl),
];

/// The kind of file the name's ending says, in any case.
pub fn detect(path: &Path) -> Result<DatasetType> {
    let suffix = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    SUFFIXES.iter().find(|(known, _)| *known == suffix).map(|(_, kind)| *kind).ok_or_else(|| {
        Error::new(ErrorCode::Invalid, format!("{} does not end in .csv, .json or .jsonl.", path.display()))
            .hint("Choose a CSV, JSON or JSON Lines file, or rename it to what it is.")
    })
}

/// Opens a dataset file at its first character, past a byte-order mark.
pub(super) fn open(path: &Path) -> Result<BufReader<File>> {
    let failed = |error| Error::file("read", path, &error);
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "a folder" } else { "not a regular file" };
        return Err(Error::new(ErrorCode::File, format!("{} is {what}.", path.display()))
            .hint("Choose a CSV, JSON or JSON Lines file."));
    }
    let mut file = BufReader::with_capacity(1 << 18, File::open(path).map_err(failed)?);
    let start = file.fill_buf().map_err(failed)?;
    if start.is_empty() {
        return Err(Error::new(ErrorCode::Invalid, format!("{} is empty.", path.display()))
            .hint("Choose a file with rows in it."));
    }
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Err(Error::new(ErrorCode::Invalid, format!("{} is UTF-16 text.", path.display()))
            .hint("Save it as UTF-8."));
    }
    if start.starts_with(b"\xef\xbb\xbf") {
        file.seek_relative(3).map_err(failed)?;
    }
    Ok(file)
}

/// How far a reader is in its file, in bytes.
pub(super) fn position(file: &mut BufReader<File>) -> u64 {
    file.stream_position().unwrap_or_default()
}

/// The size of a dataset in bytes.
pub(super) fn size(path: &Path) -> Result<u64> {
    Ok(std::fs::metadata(path).map_err(|error| Error::file("read", path, &error))?.len())
}
