//! What all readers have in common: they hand over records and problems one at a time, and
//! whoever listens may say stop.

use std::{ops::ControlFlow, path::Path};

use resources::DatasetType;
use schema::{ErrorCode, Result};
use serde_json::{Map, Value};

use super::{csv, index::Mark, input::Packing, json, jsonl, parquet, parts, problem::Problem};

/// One row of the file.
pub(super) enum Record<'a> {
    /// Texts in the order of the header; a short row ends early.
    Fields(&'a [&'a str]),
    /// A JSON object.
    Object(&'a Map<String, Value>),
}

/// What a reader finds.
pub(super) enum Found<'a> {
    /// The header of a CSV file, before any row.
    Header(&'a [String]),
    /// A row.
    Row {
        /// The line it starts on, where the file has lines.
        line: Option<u64>,
        /// The byte of the text it starts at, or blank lines before it.
        start: u64,
        /// How many bytes of the file are read.
        position: u64,
        /// Its values.
        record: Record<'a>,
    },
    /// So many rows were passed over unread, as was asked for.
    Passed(u64),
    /// A problem.
    Problem(Problem),
}

/// Receives what a reader finds; `Break` stops the reading.
pub(super) type Listener<'a> = dyn FnMut(Found<'_>) -> ControlFlow<()> + 'a;

/// A record longer than this is taken for a broken file rather than read into memory.
pub(super) const LONGEST_RECORD: u64 = 64 << 20;

/// Reads the dataset from its start until its end or until the listener breaks. An `Err` means it
/// could not be read at all.
pub(crate) fn read(path: &Path, kind: DatasetType, listener: &mut Listener<'_>) -> Result<()> {
    read_after(path, kind, 0, listener)
}

/// The same, but up to the first `skip` rows may be passed over where that is quick.
pub(super) fn read_after(
    path: &Path,
    kind: DatasetType,
    skip: u64,
    listener: &mut Listener<'_>,
) -> Result<()> {
    let result = match kind {
        DatasetType::Project => parts::read(path, None, skip, listener),
        DatasetType::ProjectParquet => parquet::read(path, skip, listener),
        DatasetType::ProjectJson => json::read(path, listener),
        DatasetType::ProjectJsonl => jsonl::read(path, listener),
        _ => csv::read(path, listener),
    };
    result.map_err(|error| match Packing::of(path) {
        Some(_) if error.code == ErrorCode::File && error.hint.is_none() => {
            error.hint("Get a new copy of the file, or unpack what can be saved of it.")
        }
        _ => error,
    })
}

/// Reads the file from a mark that was made while it was read before. `names` are its columns.
pub(super) fn read_from(
    path: &Path,
    kind: DatasetType,
    mark: Mark,
    names: &[String],
    listener: &mut Listener<'_>,
) -> Result<()> {
    match kind {
        DatasetType::ProjectJson => json::read_from(path, mark, listener),
        DatasetType::ProjectJsonl => jsonl::read_from(path, mark, listener),
        _ => csv::read_from(path, mark, names, listener),
    }
}
