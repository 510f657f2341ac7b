//! What all readers have in common: they hand over records and problems one at a time, and
//! whoever listens may say stop.

use std::{ops::ControlFlow, path::Path};

use serde_json::{Map, Value};

use super::{csv, index::Mark, json, jsonl, problem::Problem};
use crate::{error::Result, resources::DatasetType};

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
        /// The byte of the file it starts at, or blank lines before it.
        start: u64,
        /// How many bytes of the file are read.
        position: u64,
        /// Its values.
        record: Record<'a>,
    },
    /// A problem.
    Problem(Problem),
}

/// Receives what a reader finds; `Break` stops the reading.
pub(super) type Listener<'a> = dyn FnMut(Found<'_>) -> ControlFlow<()> + 'a;

/// A record longer than this is taken for a broken file rather than read into memory.
pub(super) const LONGEST_RECORD: u64 = 64 << 20;

/// Reads the file from its start until its end or until the listener breaks. An `Err` means it
/// could not be read at all.
pub(super) fn read(path: &Path, kind: DatasetType, listener: &mut Listener<'_>) -> Result<()> {
    match kind {
        DatasetType::ProjectJson => json::read(path, listener),
        DatasetType::ProjectJsonl => jsonl::read(path, listener),
        _ => csv::read(path, listener),
    }
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
