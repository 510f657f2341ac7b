//! Problems with stored values: unknown choices, values of another type, and paths that do not exist.

use std::path::Path;

use platform::{Place, Places};
use resources::{ListQuery, Listed, Mark, PROBLEMS, unknown_choice};
use schema::{Affinity, Column, Kind, Result, Table};
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection};

use crate::sql;

/// The problem with a stored value, if there is one. The filter `problems` applies the same rules in
/// SQL, except for texts that are not UTF-8; in a `lossy` row those contain replacement characters.
pub(super) fn mark(column: &Column, value: &Value, lossy: bool) -> Option<Mark> {
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
pub(super) fn missing_place(column: &Column, value: &Value, places: &mut Places) -> Option<Mark> {
    let text = value.as_str().filter(|text| !text.trim().is_empty())?;
    let message = match column.kind {
        Kind::File if places.at(Path::new(text)) == Place::Nothing => {
            format!("The file {text} does not exist.")
        }
        Kind::Folder if places.at(Path::new(text)) != Place::Folder => {
            format!("The folder {text} does not exist.")
        }
        _ => return None,
    };
    Some(Mark { column: column.name.to_owned(), message })
}

/// The columns of a table with paths.
fn places(table: &'static Table) -> impl Iterator<Item = &'static Column> {
    table.columns.iter().filter(|column| matches!(column.kind, Kind::File | Kind::Folder))
}

/// Rowids of the rows with a path that does not exist, as a JSON array.
pub(super) async fn rows_missing_places(
    database: &mut SqliteConnection,
    table: &'static Table,
) -> Result<String> {
    let mut known = Places::default();
    let mut missing: Vec<i64> = Vec::new();
    for column in places(table) {
        for row in sql::statement(sql::texts(table, column)).fetch_all(&mut *database).await? {
            let text: Vec<u8> = row.try_get_unchecked(1)?;
            let text = Value::from(String::from_utf8_lossy(&text).into_owned());
            if missing_place(column, &text, &mut known).is_some() {
                missing.push(row.try_get(0)?);
            }
        }
    }
    Ok(Value::from(missing).to_string())
}

/// Marks paths that do not exist in lists with the filter `problems`. Other lists do not access the
/// file system.
pub(super) fn mark_missing_places(table: &'static Table, query: &ListQuery, rows: &mut [Listed]) {
    if query.filters.iter().all(|filter| filter.column != PROBLEMS) {
        return;
    }
    let mut known = Places::default();
    for listed in rows {
        let missing = |column: &Column| missing_place(column, listed.row.get(column.name)?, &mut known);
        listed.marks.extend(places(table).filter_map(missing));
    }
}
