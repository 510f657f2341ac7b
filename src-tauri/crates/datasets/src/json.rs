//! JSON: a list of objects, read one object at a time.

use std::{
    cell::Cell,
    io::{self, BufRead as _, Read, Seek as _, SeekFrom},
    ops::ControlFlow,
    path::Path,
    rc::Rc,
};

use schema::{Error, Result};
use serde::de::{DeserializeSeed, Deserializer as _, SeqAccess, Visitor};
use serde_json::{Deserializer, Map, Value};

use super::{
    index::RowOffset,
    input::{self, BytePosition, Input},
    problem::Problem,
    row_event::{Record, RowEvent, RowSink},
    source::Source,
};

pub(crate) fn read(source: &Source, sink: &mut RowSink<'_>) -> Result<()> {
    let path = source.path();
    let mut file = input::open(source)?;
    let start = first_character(&mut file).map_err(|error| Error::file("read", path, &error))?;
    if let Some(problem) = refuse_start(start) {
        let _ = sink(RowEvent::Problem(problem));
        return Ok(());
    }
    let place = Place::new(file.first_line(), input::position(&mut file), file.byte_position());
    read_list(path, Counted { inner: file, place: place.clone() }, place, sink)
}

/// The rows from a mark on.
pub(super) fn read_from(source: &Source, row_offset: RowOffset, sink: &mut RowSink<'_>) -> Result<()> {
    let path = source.path();
    let mut file = input::open(source)?;
    file.seek(SeekFrom::Start(row_offset.byte)).map_err(|error| Error::file("read", path, &error))?;
    let place = Place::new(row_offset.line, row_offset.byte, file.byte_position());
    // What follows an element is a list too, once it has a bracket before it.
    let rest = b"[".chain(Counted { inner: file, place: place.clone() });
    read_list(path, rest, place, sink)
}

fn read_list(path: &Path, list: impl Read, place: Place, sink: &mut RowSink<'_>) -> Result<()> {
    let first_line = place.line.get();
    let mut stopped = false;
    let mut json = Deserializer::from_reader(list);
    let rows = Rows { sink, place, stopped: &mut stopped };
    let result = json.deserialize_seq(rows).and_then(|()| json.end());
    match result {
        Err(error) if error.is_io() => {
            let io = io::Error::from(error);
            Err(Error::file("read", path, &io))
        }
        Err(error) if !stopped => {
            let text = error.to_string();
            let reason = text.split(" at line ").next().unwrap_or_default().to_owned();
            let line = Some(error.line() as u64).filter(|line| *line > 0).map(|line| line - 1 + first_line);
            let _ = sink(RowEvent::Problem(Problem::error(line, format!("This is not JSON: {reason}."))));
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The first character that is not white space, left unread.
fn first_character(file: &mut Input) -> io::Result<Option<u8>> {
    let buffer = file.fill_buf()?;
    Ok(buffer.iter().copied().find(|byte| !byte.is_ascii_whitespace()))
}

fn refuse_start(start: Option<u8>) -> Option<Problem> {
    match start {
        Some(b'[') => None,
        Some(b'{') => Some(Problem::error(
            None,
            "The file starts with an object, but a list of objects is needed. If every line is an object, rename the file to end in .jsonl.",
        )),
        _ => Some(Problem::error(None, "The file does not start with [, as a JSON list of objects does.")),
    }
}

/// Where the reader is, shared with whoever asks while it reads.
#[derive(Clone)]
struct Place {
    line: Rc<Cell<u64>>,
    byte: Rc<Cell<u64>>,
    byte_position: BytePosition,
}

impl Place {
    fn new(line: u64, byte: u64, byte_position: BytePosition) -> Self {
        Self { line: Rc::new(Cell::new(line)), byte: Rc::new(Cell::new(byte)), byte_position }
    }
}

/// Counts lines and bytes as they go by. `serde_json` takes one byte at a time, so the count is
/// exact.
struct Counted<R> {
    inner: R,
    place: Place,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let newlines = buffer.iter().take(read).filter(|byte| **byte == b'\n').count() as u64;
        self.place.line.set(self.place.line.get() + newlines);
        self.place.byte.set(self.place.byte.get() + read as u64);
        Ok(read)
    }
}

struct Rows<'a, 'b> {
    sink: &'a mut RowSink<'b>,
    place: Place,
    stopped: &'a mut bool,
}

impl<'de> Visitor<'de> for Rows<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while let Some((line, start, value)) = rows.next_element_seed(Element(&self.place))? {
            let found = match &value {
                Ok(object) => RowEvent::Row {
                    line: Some(line),
                    start,
                    position: self.place.byte_position.at(self.place.byte.get()),
                    record: Record::Object(object),
                },
                Err(what) => RowEvent::Problem(Problem::error(
                    line,
                    format!("The list holds {what} where an object is needed."),
                )),
            };
            if let ControlFlow::Break(()) = (self.sink)(found) {
                *self.stopped = true;
                // The rest is not read: an error is how a visitor stops early.
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// One element of the list, with the line and the byte it starts at.
struct Element<'a>(&'a Place);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = (u64, u64, Result<Map<String, Value>, &'static str>);

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        // The first character of the element is already looked at.
        let (line, start) = (self.0.line.get(), self.0.byte.get() - 1);
        let value = serde::Deserialize::deserialize(deserializer)?;
        let object = match value {
            Value::Object(object) => Ok(object),
            Value::Array(_) => Err("a list"),
            Value::String(_) => Err("a text"),
            Value::Number(_) => Err("a number"),
            Value::Bool(_) => Err("true or false"),
            Value::Null => Err("null"),
        };
        Ok((line, start, object))
    }
}
