//! JSON Lines: one object a line.

use std::{
    io::{BufRead, Read},
    path::Path,
};

use serde_json::Value;

use super::{
    format,
    problem::Problem,
    reader::{Found, LONGEST_RECORD, Listener, Record},
};
use crate::error::{Error, Result};

pub(super) fn read(path: &Path, listener: &mut Listener<'_>) -> Result<()> {
    let mut file = format::open(path)?;
    let mut position = format::position(&mut file);
    let mut bytes = Vec::new();
    let mut number = 0;
    loop {
        bytes.clear();
        let read = (&mut file).take(LONGEST_RECORD + 1).read_until(b'\n', &mut bytes);
        let length = read.map_err(|error| Error::file("read", path, &error))? as u64;
        if length == 0 {
            return Ok(());
        }
        number += 1;
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
                listener(Found::Row { line: Some(number), position, record: Record::Object(&object) })
            }
            Ok(_) => {
                listener(Found::Problem(Problem::error(number, "This line is JSON, but not an object.")))
            }
            Err(problem) => listener(Found::Problem(problem)),
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

fn parse(bytes: &[u8], line: u64) -> Result<Value, Problem> {
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
