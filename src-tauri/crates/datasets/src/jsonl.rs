//! JSON Lines: one object a line.

use std::{
    io::{BufRead as _, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use schema::{Error, Result};
use serde_json::Value;

use super::{
    index::RowOffset,
    input::{self, Input},
    problem::Problem,
    row_event::{LONGEST_RECORD, Record, RowEvent, RowSink},
    source::Source,
};

pub(crate) fn read(source: &Source, sink: &mut RowSink<'_>) -> Result<()> {
    let path = source.path();
    let file = input::open(source)?;
    read_lines(path, file, 0, sink)
}

/// The rows from a mark on.
pub(super) fn read_from(source: &Source, row_offset: RowOffset, sink: &mut RowSink<'_>) -> Result<()> {
    let path = source.path();
    let mut file = input::open(source)?;
    file.seek(SeekFrom::Start(row_offset.byte)).map_err(|error| Error::file("read", path, &error))?;
    read_lines(path, file, row_offset.line.saturating_sub(1), sink)
}

/// All lines that are still to come after the first so many.
fn read_lines(path: &Path, mut file: Input, mut number: u64, sink: &mut RowSink<'_>) -> Result<()> {
    let byte_position = file.byte_position();
    let mut position = input::position(&mut file);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = (&mut file).take(LONGEST_RECORD + 1).read_until(b'\n', &mut bytes);
        let length = read.map_err(|error| Error::file("read", path, &error))? as u64;
        if length == 0 {
            return Ok(());
        }
        number += 1;
        let start = position;
        position += length;
        if length > LONGEST_RECORD {
            let _ = sink(RowEvent::Problem(Problem::error(
                number,
                "This line is over 64 MiB. Is this JSON Lines?",
            )));
            return Ok(());
        }
        let flow = match parse(&bytes, number) {
            Ok(Value::Object(object)) => {
                let position = byte_position.at(position);
                sink(RowEvent::Row { line: Some(number), start, position, record: Record::Object(&object) })
            }
            Ok(_) => sink(RowEvent::Problem(not_an_object(number))),
            Err(problem) => sink(RowEvent::Problem(problem)),
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

pub(super) fn not_an_object(line: u64) -> Problem {
    Problem::error(line, "This line is JSON, but not an object.")
}

/// The value that the line is.
pub(super) fn parse(bytes: &[u8], line: u64) -> Result<Value, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::warning(line, "This line is blank and was skipped."));
    }
    if std::str::from_utf8(bytes).is_err() {
        return Err(Problem::error(line, "This line is not UTF-8 text. Save the file as UTF-8."));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        // serde_json counts within the line it was given.
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        Problem::error(line, format!("This is not JSON at character {}: {reason}.", error.column()))
    })
}
