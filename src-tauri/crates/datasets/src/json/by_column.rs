//! A JSON object that holds its rows column by column: a list for each column or, as pandas writes them, an
//! object with a key for each row.

use std::{
    io::{self, Read as _},
    ops::ControlFlow,
};

use prompts::{Object, Value};
use sniff::Encodings;

use crate::{
    input::Input,
    jsonl::JsonRow,
    problem::Problem,
    row_event::{LONGEST_RECORD, Record, RowEvent, RowSink},
};

/// How to write rows that can't be put together from these columns.
const WAY_OUT: &str = "Write a list of rows, as pandas does with to_json(…, orient=\"records\").";

/// Puts the rows together. The first row ends with the text, which is in memory as a whole, as a row may be.
pub(super) fn read(mut file: Input, encodings: Encodings, sink: &mut RowSink<'_>) -> io::Result<()> {
    let mut text = Vec::new();
    let length = (&mut file).take(LONGEST_RECORD + 1).read_to_end(&mut text)? as u64;
    let position = file.byte_position().at(length);
    let columns = if length > LONGEST_RECORD {
        let message = format!("The file holds its rows column by column and is over 64 MiB. {WAY_OUT}");
        Err(Problem::error(None, message))
    } else {
        JsonRow::new(&text, encodings, 1).and_then(|row| Ok((columns(row.object)?, row.warnings)))
    };
    let _ = match columns {
        Err(problem) => sink(RowEvent::Problem(problem)),
        Ok((columns, warnings)) => {
            let mut warnings = warnings.into_iter();
            match warnings.try_for_each(|warning| sink(RowEvent::Problem(warning))) {
                ControlFlow::Continue(()) => rows(columns, position, sink),
                stopped => stopped,
            }
        }
    };
    Ok(())
}

/// The name of a column and its values in the order of the rows.
type Column = (String, Vec<Value>);

/// The columns, if they have a value for each row.
fn columns(object: Object) -> Result<Vec<Column>, Problem> {
    let mut columns: Vec<Column> = Vec::with_capacity(object.len());
    let mut numbers: Option<Vec<String>> = None;
    for (name, value) in object {
        let (keys, values): (Option<Vec<String>>, Vec<Value>) = match value {
            Value::Array(values) => (None, values),
            Value::Object(entries) => {
                let (keys, values) = entries.into_iter().unzip();
                (Some(keys), values)
            }
            _ => (None, Vec::new()),
        };
        if let Some((first, others)) = columns.first() {
            let what = if others.len() != values.len() {
                format!("'{first}' has {} values and '{name}' has {}", others.len(), values.len())
            } else if keys != numbers {
                format!("'{name}' has other keys than '{first}'")
            } else {
                columns.push((name, values));
                continue;
            };
            let message = format!("The file holds its rows column by column, but {what}. {WAY_OUT}");
            return Err(Problem::error(None, message));
        }
        numbers = keys;
        columns.push((name, values));
    }
    Ok(columns)
}

fn rows(columns: Vec<Column>, position: u64, sink: &mut RowSink<'_>) -> ControlFlow<()> {
    let count = columns.first().map_or(0, |(_, values)| values.len());
    let mut columns: Vec<_> = columns.into_iter().map(|(name, values)| (name, values.into_iter())).collect();
    for _ in 0..count {
        let value = |(name, values): &mut (String, std::vec::IntoIter<Value>)| {
            (name.clone(), values.next().unwrap_or(Value::Null))
        };
        let object: Object = columns.iter_mut().map(value).collect();
        sink(RowEvent::Row { line: None, start: 0, position, record: Record::Object(&object) })?;
    }
    ControlFlow::Continue(())
}
