//! JSON Lines: one object a line.

use std::{
    io::{BufRead as _, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use schema::{Error, Result};
use serde_json::Value;

use super::{
    format,
    index::Mark,
    input::Input,
    problem::Problem,
    reader::{Found, LONGEST_RECORD, Listener, Record},
};

pub(crate) fn read(path: &Path, listener: &mut Listener<'_>) -> Result<()> {
    let file = format::open(path)?;
    read_lines(path, file, 0, listener)
}

/// The rows from a mark on.
pub(super) fn read_from(path: &Path, mark: Mark, listener: &mut Listener<'_>) -> Result<()> {
    let mut file = format::open(path)?;
    file.seek(SeekFrom::Start(mark.byte)).map_err(|error| Error::file("read", path, &error))?;
    read_lines(path, file, mark.line.saturating_sub(1), listener)
}

/// All lines that are still to come after the first so many.
fn read_lines(path: &Path, mut file: Input, mut number: u64, listener: &mut Listener<'_>) -> Result<()> {
    let how_far = file.how_far();
    let mut position = format::position(&mut file);
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
            let _ = listener(Found::Problem(Problem::error(
                number,
                "This line is over 64 MiB. Is this JSON Lines?",
            )));
            return Ok(());
        }
        let flow = match parse(&bytes, number) {
            Ok(Value::Object(object)) => {
                let position = how_far.at(position);
                listener(Found::Row { line: Some(number), start, position, record: Record::Object(&object) })
            }
            Ok(_) => listener(Found::Problem(not_an_object(number))),
            Err(problem) => listener(Found::Problem(problem)),
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
