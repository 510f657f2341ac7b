//! Which kind of dataset this is, by its name.

use std::path::Path;

use resources::DatasetType;
use schema::{Error, ErrorCode, Result};

use super::packing::Packing;

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
    let packing = Packing::from_path(path);
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
    let unpacked =
        if Packing::from_path(path).is_some() { path.with_extension("") } else { path.to_path_buf() };
    unpacked.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
