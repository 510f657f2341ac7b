//! What a reader of any format hands on, one at a time; who takes it may say stop.

use std::ops::ControlFlow;

use prompts::Object;

use super::problem::Problem;

/// One row of the file.
pub enum Record<'a> {
    /// Texts in the order of the header; a short row ends early.
    Fields(&'a [&'a str]),
    /// A JSON object.
    Object(&'a Object),
}

/// What a reader finds.
pub enum RowEvent<'a> {
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
    Skipped(u64),
    /// A problem.
    Problem(Problem),
}

/// Receives what a reader finds; `Break` stops the reading.
pub type RowSink<'a> = dyn FnMut(RowEvent<'_>) -> ControlFlow<()> + 'a;

/// A record longer than this is taken for a broken file rather than read into memory.
pub const LONGEST_RECORD: u64 = 64 << 20;
