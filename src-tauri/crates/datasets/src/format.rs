//! Which kind of dataset this is, and how its files are opened.

use std::{
    fs::File,
    io::{BufRead as _, Seek as _},
    path::Path,
};

use resources::DatasetType;
use schema::{Error, ErrorCode, Result};

use super::{
    folder,
    input::{Input, Packing},
};

const SUFFIXES: [(&str, DatasetType); 4] = [
    ("csv", DatasetType::ProjectCsv),
    ("json", DatasetType::ProjectJson),
    ("jsonl", DatasetType::ProjectJsonl),
    ("parquet", DatasetType::ProjectParquet),
];

/// The kind of dataset at that place: a folder, or the kind of file its name's ending says.
pub fn detect(path: &Path) -> Result<DatasetType> {
    if path.is_dir() { Ok(DatasetType::Project) } else { detect_file(path) }
}

/// The kind of file the name's ending says, in any case. A packed file is of the kind that is in it.
pub(super) fn detect_file(path: &Path) -> Result<DatasetType> {
    let packing = Packing::of(path);
    let unpacked = if packing.is_some() { path.with_extension("") } else { path.to_path_buf() };
    let suffix = unpacked.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let kind = SUFFIXES.iter().find(|(known, _)| *known == suffix).map(|(_, kind)| *kind);
    match (kind, packing) {
        (Some(DatasetType::ProjectParquet), Some(packing)) => {
            let message = format!("{} is a Parquet file inside a {} file.", path.display(), packing.name());
            Err(Error::new(ErrorCode::Invalid, message)
                .hint("Unpack it: Parquet files are compressed inside."))
        }
        (Some(kind), _) => Ok(kind),
        (None, _) => {
            let message = format!("{} does not end in .csv, .json, .jsonl or .parquet.", path.display());
            Err(Error::new(ErrorCode::Invalid, message).hint(
                "Choose a CSV, JSON, JSON Lines or Parquet file, or rename it to what it is. \
                 The first three may be packed: .gz or .zst.",
            ))
        }
    }
}

/// What a dataset made of this file or folder is called at first: its name without the endings.
pub fn first_name(path: &Path) -> String {
    if path.is_dir() {
        return path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    }
    let unpacked = if Packing::of(path).is_some() { path.with_extension("") } else { path.to_path_buf() };
    unpacked.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Opens a file that has something in it.
pub(super) fn whole_file(path: &Path) -> Result<File> {
    let failed = |error| Error::file("read", path, &error);
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(Error::new(ErrorCode::File, format!("{} is not a regular file.", path.display()))
            .hint("Choose a CSV, JSON, JSON Lines or Parquet file."));
    }
    if metadata.len() == 0 { Err(empty(path)) } else { File::open(path).map_err(failed) }
}

fn empty(path: &Path) -> Error {
    Error::new(ErrorCode::Invalid, format!("{} is empty.", path.display()))
        .hint("Choose a file with rows in it.")
}

/// Opens a file of text at its first character, past a byte-order mark.
pub(super) fn open(path: &Path) -> Result<Input> {
    let failed = |error| Error::file("read", path, &error);
    let mut file = Input::new(whole_file(path)?, Packing::of(path)).map_err(failed)?;
    let start = file.fill_buf().map_err(failed)?;
    if start.is_empty() {
        return Err(empty(path));
    }
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Err(Error::new(ErrorCode::Invalid, format!("{} is UTF-16 text.", path.display()))
            .hint("Save it as UTF-8."));
    }
    if start.starts_with(b"\xef\xbb\xbf") {
        file.consume(3);
    }
    Ok(file)
}

/// How far a reader is in its text, in bytes.
pub(super) fn position(file: &mut Input) -> u64 {
    file.stream_position().unwrap_or_default()
}

/// The size of a dataset in bytes, as its files lie on the disk.
pub(super) fn size(path: &Path) -> Result<u64> {
    let length = |path: &std::path::PathBuf| {
        Ok(std::fs::metadata(path).map_err(|error| Error::file("read", path, &error))?.len())
    };
    folder::all_files(path)?.iter().map(length).sum()
}
