//! A JSON object with the values of each column in a list, or in an object by the names of the rows, as
//! pandas writes it. All of it is held in memory.

use std::io::Read as _;

use prompts::{Object, Value};
use schema::{Error, ErrorCode, Result};

use crate::{
    input,
    json_fault::JsonFault,
    json_text::JsonText,
    problem::Problem,
    row_event::{Record, RowEvent, RowSink},
    source::Source,
};

/// A larger file is not held in memory.
const MOST_BYTES: u64 = 1 << 30;

/// Reads each key of the file's object as a column.
pub(super) fn read(source: &Source, sink: &mut RowSink<'_>) -> Result<()> {
    let path = source.path();
    let mut text = Vec::new();
    let read = input::open(source)?.take(MOST_BYTES + 1).read_to_end(&mut text);
    read.map_err(|error| Error::file("read", path, &error))?;
    if text.len() as u64 > MOST_BYTES {
        let message = format!("{} holds its rows column by column and is over 1 GiB.", path.display());
        return Err(Error::new(ErrorCode::Invalid, message)
            .hint("Write it as JSON Lines, an object on each line."));
    }
    let position = text.len() as u64;
    match columns(&text) {
        Err(problem) => _ = sink(RowEvent::Problem(problem)),
        Ok((names, columns)) => {
            let rows = columns.iter().map(Vec::len).max().unwrap_or_default();
            let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
            for _ in 0..rows {
                let row = names.iter().zip(&mut columns);
                let object: Object =
                    row.filter_map(|(name, values)| Some((name.clone(), values.next()?))).collect();
                let record = Record::Object(&object);
                if sink(RowEvent::Row { line: None, start: 0, position, record }).is_break() {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// The names of the columns and the values of each, all of one number.
fn columns(text: &[u8]) -> Result<(Vec<String>, Vec<Vec<Value>>), Problem> {
    let JsonText { value, repeated } = JsonText::parse(text).map_err(|error| {
        let JsonFault { lines, character, why } = JsonFault::new(text, &error);
        Problem::error(lines + 1, format!("This is not JSON at character {character}: {why}."))
    })?;
    if let Some(key) = repeated.into_iter().next() {
        let message = format!("The key '{key}' is there more than once in an object.");
        return Err(Problem::error(None, message).field(key));
    }
    let (mut names, mut columns) = (Vec::new(), Vec::<Vec<Value>>::new());
    let Value::Object(entries) = value else {
        return Err(Problem::error(None, "The file is not an object of columns."));
    };
    let mut labels: Option<Vec<String>> = None;
    for (name, column) in entries {
        let values: Vec<Value> = match column {
            Value::Array(values) => values,
            Value::Object(rows) => {
                let (own, values) = rows.into_iter().unzip();
                if *labels.get_or_insert_with(|| Vec::clone(&own)) != own {
                    let message = format!("'{name}' has other rows, or in another order, than the columns before it.");
                    return Err(Problem::error(None, message).field(name));
                }
                values
            }
            _ => {
                let message = format!("Under '{name}' there is neither a list nor an object, so it is no column.");
                return Err(Problem::error(None, message).field(name));
            }
        };
        if let Some(first) = columns.first().filter(|first| first.len() != values.len()) {
            let message = format!(
                "The columns are not of one length: '{name}' has {} values where the first has {}.",
                values.len(),
                first.len()
            );
            return Err(Problem::error(None, message).field(name));
        }
        names.push(name);
        columns.push(values);
    }
    Ok((names, columns))
}
