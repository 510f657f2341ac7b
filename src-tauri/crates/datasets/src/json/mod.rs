//! JSON: a list of objects, read one object at a time. The list may stand under a key of an object, and an
//! object may hold the rows column by column.

mod by_column;
#[cfg(test)]
mod tests;

use std::{
    io::{self, Read, Seek as _, SeekFrom},
    ops::ControlFlow,
};

use schema::{Error, Result};
use sniff::Encodings;

use super::{
    index::RowOffset,
    input::{self, BytePosition},
    json_list::{Elements, Next},
    jsonl::JsonRow,
    problem::Problem,
    row_event::{Record, RowEvent, RowSink},
    source::Source,
};

/// Reads the list that the file is, or that stands under the key `list` of its object; without such a key, an
/// object is read column by column.
pub(crate) fn read(source: &Source, list: Option<&str>, sink: &mut RowSink<'_>) -> Result<()> {
    let path = source.path();
    let failed = |error| Error::file("read", path, &error);
    let mut file = input::open(source)?;
    let (byte, byte_position) = (input::position(&mut file), file.byte_position());
    let form = source.form()?;
    let encodings = form.encodings;
    if list.is_none() && form.by_column {
        return by_column::read(file, encodings, sink).map_err(failed);
    }
    let mut elements = Elements::new(file, 1, byte);
    let problem = match (elements.peek().map_err(failed)?, list) {
        (Some(b'['), None) => {
            elements.skip();
            return read_list(elements, encodings, &byte_position, true, sink).map_err(failed);
        }
        (Some(b'{'), Some(key)) => match find(&mut elements, key).map_err(failed)? {
            Ok(()) => return read_list(elements, encodings, &byte_position, false, sink).map_err(failed),
            Err(problem) => problem,
        },
        (Some(b'/' | b'#'), _) => {
            Problem::error(None, "The file starts with a comment, which JSON does not have.")
        }
        (None, _) => Problem::error(None, "The file has nothing but white space in it."),
        _ => Problem::error(None, "The file does not start with [, as a JSON list of objects does."),
    };
    let _ = sink(RowEvent::Problem(problem));
    Ok(())
}

/// The rows from a mark on.
pub(super) fn read_from(source: &Source, row_offset: RowOffset, sink: &mut RowSink<'_>) -> Result<()> {
    let path = source.path();
    let failed = |error| Error::file("read", path, &error);
    let mut file = input::open(source)?;
    file.seek(SeekFrom::Start(row_offset.byte)).map_err(failed)?;
    let byte_position = file.byte_position();
    // What comes behind the list was looked at when the file was read whole.
    let elements = Elements::new(file, row_offset.line, row_offset.byte);
    read_list(elements, source.form()?.encodings, &byte_position, false, sink).map_err(failed)
}

/// Reads the elements of a list that is open. `last` says whether the list is all of the file.
fn read_list<R: Read>(
    mut elements: Elements<R>,
    encodings: Encodings,
    byte_position: &BytePosition,
    last: bool,
    sink: &mut RowSink<'_>,
) -> io::Result<()> {
    // Where the latest broken row ends.
    let mut broken = None;
    loop {
        let next = elements.next(last)?;
        let (line, byte) = elements.place();
        let problem = match next {
            Next::Element => {
                match row(&elements, encodings, byte_position, sink) {
                    ControlFlow::Continue(whole) => broken = (!whole).then_some(byte),
                    ControlFlow::Break(()) => return Ok(()),
                }
                continue;
            }
            // That the file ends in a row was said.
            Next::Cut if broken == Some(byte) => return Ok(()),
            Next::ExtraComma => {
                Problem::warning(line, "There is a comma too many in the list. It was skipped.")
            }
            Next::MissingComma => Problem::warning(line, "A comma is missing before this row."),
            Next::TooLong => {
                Problem::error(line, "This row is over 64 MiB. What comes after it is not read.")
            }
            Next::Cut => Problem::error(line, "The list is not closed: the file may have been cut short."),
            Next::End if last => match elements.peek()? {
                // This is about the file and not a row, which a line would name.
                Some(_) => {
                    let (line, _) = elements.place();
                    let message = format!("Something comes after the end of the list, on line {line}.");
                    Problem::error(None, message)
                }
                None => return Ok(()),
            },
            Next::End => return Ok(()),
        };
        let ended = matches!(next, Next::TooLong | Next::Cut | Next::End);
        if sink(RowEvent::Problem(problem)).is_break() || ended {
            return Ok(());
        }
    }
}

/// Hands on the row that the latest element is, and returns whether it is one.
fn row<R: Read>(
    elements: &Elements<R>,
    encodings: Encodings,
    byte_position: &BytePosition,
    sink: &mut RowSink<'_>,
) -> ControlFlow<(), bool> {
    let (line, start) = elements.start();
    match JsonRow::new(elements.text(), encodings, line) {
        Ok(JsonRow { object, warnings }) => {
            let position = byte_position.at(elements.place().1);
            sink(RowEvent::Row { line: Some(line), start, position, record: Record::Object(&object) })?;
            warnings.into_iter().try_for_each(|warning| sink(RowEvent::Problem(warning)))?;
            ControlFlow::Continue(true)
        }
        Err(problem) => {
            sink(RowEvent::Problem(problem))?;
            ControlFlow::Continue(false)
        }
    }
}

/// Goes to the start of the list under that key of the object that begins here.
fn find<R: Read>(elements: &mut Elements<R>, key: &str) -> io::Result<Result<(), Problem>> {
    elements.skip();
    while let Some(b'"' | b',') = elements.peek()? {
        if elements.peek()? == Some(b',') {
            elements.skip();
            continue;
        }
        elements.scan(b':', false)?;
        let found = serde_json::from_slice::<String>(elements.text()).is_ok_and(|name| name == key);
        if elements.peek()? == Some(b':') {
            elements.skip();
        }
        if elements.peek()? == Some(b'[') {
            elements.skip();
            if found {
                return Ok(Ok(()));
            }
            // A long list is passed over bit by bit.
            while !matches!(elements.next(false)?, Next::End | Next::Cut | Next::TooLong) {}
        } else if found {
            return Ok(Err(Problem::error(elements.place().0, format!("Under '{key}' there is no list."))));
        } else {
            elements.scan(b'}', false)?;
        }
    }
    Ok(Err(Problem::error(None, format!("The object has no key '{key}' with a list."))))
}
