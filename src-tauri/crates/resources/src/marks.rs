//! Problems with stored values: unknown choices, values of another type, and paths that do not exist.

use std::path::Path;

use platform::{PathKind, PathKinds};
use schema::{Affinity, Column, Kind, Row, Table};
use serde::Serialize;
use serde_json::Value;

use crate::odd::{unknown_choice, unparsed};

/// A problem with a stored value, which is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Mark {
    /// The column.
    pub column: String,
    /// The problem in a sentence.
    pub message: String,
}

/// The problem with a stored value, if there is one. The filter `problems` applies the same rules in
/// SQL, except for texts that are not UTF-8; in a `lossy` row those contain replacement characters.
pub fn mark(column: &Column, value: &Value, lossy: bool) -> Option<Mark> {
    let message = match (column.kind, column.affinity(), value) {
        (_, _, Value::Null) => return None,
        (_, _, Value::String(text)) if lossy && text.contains(char::REPLACEMENT_CHARACTER) => {
            format!("This text is not UTF-8. What can't be read is shown as {}.", char::REPLACEMENT_CHARACTER)
        }
        (_, Affinity::Text, Value::String(text)) => unknown_choice(column, text)?,
        (_, Affinity::Text, _) => "This is not text.".to_owned(),
        (_, Affinity::Integer, value) if !value.is_i64() => "This is not a whole number.".to_owned(),
        (_, Affinity::Real, value) if !value.is_number() => "This is not a number.".to_owned(),
        _ => return None,
    };
    Some(Mark { column: column.name.to_owned(), message })
}

/// The problem with a path that does not exist, in a column of paths.
pub fn missing_path(column: &Column, value: &Value, paths: &mut PathKinds) -> Option<Mark> {
    let text = value.as_str().filter(|text| !text.trim().is_empty())?;
    let message = match column.kind {
        Kind::File if paths.at(Path::new(text)) == PathKind::Nothing => {
            format!("The file {text} does not exist.")
        }
        Kind::Folder if paths.at(Path::new(text)) != PathKind::Folder => {
            format!("The folder {text} does not exist.")
        }
        _ => return None,
    };
    Some(Mark { column: column.name.to_owned(), message })
}

/// The columns of a table with paths.
pub fn path_columns(table: &'static Table) -> impl Iterator<Item = &'static Column> {
    table.columns.iter().filter(|column| matches!(column.kind, Kind::File | Kind::Folder))
}

/// Texts of a row that do not parse, and its paths that do not exist.
pub fn unparsed_and_missing(table: &Table, row: &Row, paths: &mut PathKinds) -> Vec<Mark> {
    let text = |at: usize| row.get(table.columns[at].name).and_then(Value::as_str);
    let unparsed = unparsed(table, text).into_iter();
    let unparsed = unparsed.map(|(column, message)| Mark { column: column.to_owned(), message });
    let missing = |column: &Column| missing_path(column, row.get(column.name)?, paths);
    unparsed.chain(table.columns.iter().filter_map(missing)).collect()
}
