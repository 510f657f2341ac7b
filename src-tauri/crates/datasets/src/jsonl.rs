//! JSON Lines: one object a line.

use std::{
    io::{BufRead as _, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use prompts::{Object, Value};
use schema::{Error, Result};
use sniff::Encodings;

use super::{
    index::RowOffset,
    input::{self, Input},
    json_fault::JsonFault,
    json_text::JsonText,
    problem::Problem,
    row_event::{LONGEST_RECORD, Record, RowEvent, RowSink},
    source::Source,
};

pub(crate) fn read(source: &Source, sink: &mut RowSink<'_>) -> Result<()> {
    let path = source.path();
    read_lines(path, source.form()?.encodings, input::open(source)?, 0, sink)
}

/// The rows from a mark on.
pub(super) fn read_from(source: &Source, row_offset: RowOffset, sink: &mut RowSink<'_>) -> Result<()> {
    let path = source.path();
    let mut file = input::open(source)?;
    file.seek(SeekFrom::Start(row_offset.byte)).map_err(|error| Error::file("read", path, &error))?;
    read_lines(path, source.form()?.encodings, file, row_offset.line.saturating_sub(1), sink)
}

/// All lines that are still to come after the first so many.
fn read_lines(
    path: &Path,
    encodings: Encodings,
    mut file: Input,
    mut number: u64,
    sink: &mut RowSink<'_>,
) -> Result<()> {
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
        let flow = match parse(&bytes, encodings, number) {
            Ok(line) => {
                let position = byte_position.at(position);
                let record = Record::Object(&line.object);
                let flow = sink(RowEvent::Row { line: Some(number), start, position, record });
                line.warnings.into_iter().fold(flow, |flow, warning| {
                    if flow.is_break() { flow } else { sink(RowEvent::Problem(warning)) }
                })
            }
            Err(problem) => sink(RowEvent::Problem(problem)),
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

/// A row of JSON.
pub(super) struct JsonRow {
    pub(super) object: Object,
    /// How the row was read where it is odd.
    pub(super) warnings: Vec<Problem>,
}

impl JsonRow {
    /// The row that a text is, or what is wrong with it. `line` is where it starts.
    pub(super) fn new(text: &[u8], encodings: Encodings, line: u64) -> Result<Self, Problem> {
        if let Err(error) = std::str::from_utf8(text) {
            let before = text.get(..error.valid_up_to()).unwrap_or_default();
            let lines = memchr::memchr_iter(b'\n', before).count() as u64;
            return Err(Problem::error(line + lines, sniff::not_text(text, encodings, "line")));
        }
        let JsonText { value, repeated } = JsonText::parse(text).map_err(|error| {
            let JsonFault { lines, character, why } = JsonFault::new(text, &error);
            Problem::error(line + lines, format!("This is not JSON at character {character}: {why}."))
        })?;
        let Value::Object(object) = value else { return Err(not_an_object(&value, line)) };
        let repeat = |key: String| {
            let message =
                format!("The key '{key}' is there more than once in an object; the last one counts.");
            Problem::warning(line, message).field(key)
        };
        Ok(Self { object, warnings: repeated.into_iter().map(repeat).collect() })
    }
}

fn not_an_object(value: &Value, line: u64) -> Problem {
    let what = match value {
        Value::Array(values) if values.iter().any(|value| value.as_object().is_some()) => {
            "a list of objects where an object is needed. If it is a conversation, write it as {\"conversations\": […]}"
        }
        Value::Array(_) => {
            "a list where an object is needed. Give each value the name of its column; a first list of names is \
             not read as a header"
        }
        Value::String(_) => "a text where an object is needed. Give it a name, as in {\"text\": …}",
        Value::Number(_) => "a number where an object is needed",
        Value::Bool(_) => "true or false where an object is needed",
        Value::Null | Value::Object(_) => "null where an object is needed",
    };
    Problem::error(line, format!("This row is {what}."))
}

/// The row that a line is.
pub(super) fn parse(bytes: &[u8], encodings: Encodings, line: u64) -> Result<JsonRow, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::warning(line, "This line is blank and was skipped."));
    }
    JsonRow::new(bytes, encodings, line)
}
