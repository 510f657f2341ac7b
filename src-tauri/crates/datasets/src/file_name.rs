//! Which kind of dataset the name of a file says.

use std::path::Path;

use resources::DatasetType;
use schema::{Error, ErrorCode, Result};

use super::packing::Packing;

/// Endings of names, and the kind of file each says.
const SUFFIXES: [(&str, DatasetType); 7] = [
    ("csv", DatasetType::ProjectCsv),
    ("tsv", DatasetType::ProjectCsv),
    ("tab", DatasetType::ProjectCsv),
    ("json", DatasetType::ProjectJson),
    ("jsonl", DatasetType::ProjectJsonl),
    ("ndjson", DatasetType::ProjectJsonl),
    ("parquet", DatasetType::ProjectParquet),
];

/// The kind of a file within a folder of many, which its name says.
pub(super) fn detect_file(path: &Path) -> Result<DatasetType> {
    match (named(path), Packing::from_path(path)) {
        (Some(DatasetType::ProjectParquet), packing @ Some(_)) => Err(packed_parquet(path, packing)),
        (Some(kind), _) => Ok(kind),
        (None, _) => Err(unknown(path)),
    }
}

/// The kind of file the name's ending says, in any case. A packed file is of the kind that is in it.
pub(super) fn named(path: &Path) -> Option<DatasetType> {
    let packed = Packing::from_path(path).is_some();
    let unpacked = if packed { path.with_extension("") } else { path.to_path_buf() };
    let suffix = unpacked.extension()?.to_string_lossy().to_lowercase();
    SUFFIXES.iter().find(|(known, _)| *known == suffix).map(|(_, kind)| *kind)
}

/// Whether a name has the ending of a file that is read, in any case, packed or not.
pub fn is_dataset_name(path: &Path) -> bool {
    named(path).is_some()
}

pub(super) fn packed_parquet(path: &Path, packing: Option<Packing>) -> Error {
    let name = packing.map_or("", Packing::name);
    let message = format!("{} is a Parquet file inside a {name} file.", path.display());
    Error::new(ErrorCode::Invalid, message).hint("Unpack it: Parquet files are compressed inside.")
}

/// The error of a file whose name says no kind of dataset, nor does its content.
pub(super) fn unknown(path: &Path) -> Error {
    let message = format!("{} does not end in .csv, .json, .jsonl or .parquet.", path.display());
    Error::new(ErrorCode::Invalid, message).hint(
        "Choose a CSV, JSON, JSON Lines or Parquet file, or rename it to what it is. \
         The first three may be packed: .gz or .zst.",
    )
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
