//! Rows of one table.

use std::fmt::Write as _;

use schema::{Affinity, Column, Table};

/// A row as one JSON object in declaration order, exact for every value SQLite can hold: floats
/// with the digits it takes to get the same one back, blobs as `{"$blob": "hex"}`.
pub(crate) fn row_json(table: &Table, alias: &str) -> String {
    let mut parts = String::new();
    for column in table.columns {
        let separator = if parts.is_empty() { "" } else { ", " };
        let value = format!("{alias}.\"{}\"", column.name);
        let value = match column.affinity() {
            Affinity::Text => {
                format!("CASE typeof({value}) WHEN 'blob' THEN {} ELSE {value} END", blob(&value))
            }
            _ => format!(
                "CASE typeof({value}) WHEN 'real' THEN {} WHEN 'blob' THEN {} ELSE {value} END",
                exact(&value),
                blob(&value)
            ),
        };
        let _ = write!(parts, "{separator}'{}', {value}", column.name);
    }
    format!("json_object({parts})")
}

fn blob(value: &str) -> String {
    format!("json_object('$blob', hex({value}))")
}

/// SQLite's own JSON keeps 15 digits, which is not always enough. Infinities have no JSON form.
fn exact(value: &str) -> String {
    format!(
        "CASE WHEN abs({value}) > 1.7976931348623157e308 THEN printf('%f', {value}) \
         WHEN CAST(printf('%!.15g', {value}) AS REAL) = {value} THEN json(printf('%!.15g', {value})) \
         WHEN CAST(printf('%!.16g', {value}) AS REAL) = {value} THEN json(printf('%!.16g', {value})) \
         ELSE json(printf('%!.17g', {value})) END"
    )
}

/// All rows, or those of a condition on `r`, by id: a JSON object a row, then for each column of numbers the number that SQLite
/// does not write exactly, if it is one. It gets digits wrong far from one.
pub(crate) fn all_rows(table: &Table, condition: &str) -> String {
    let numbers = table.columns.iter().filter(|column| column.affinity() != Affinity::Text).map(|column| {
        let inexact = "= 'real' AND abs({0}) NOT BETWEEN 1e-30 AND 1e30 AND {0} <> 0";
        let value = format!("r.\"{}\"", column.name);
        format!(
            ", CASE WHEN typeof({value}) {} THEN {value} END AS \"{}\"",
            inexact.replace("{0}", &value),
            column.name
        )
    });
    let numbers: String = numbers.collect();
    // The plus keeps the index of ids out of it: reading in order and sorting is a third faster than
    // looking up one row after the other all over the file.
    format!(
        "SELECT {}{numbers} FROM \"{}\" AS r {condition} ORDER BY +r.id",
        row_json(table, "r"),
        table.name
    )
}

/// The row with the bound id.
pub(crate) fn find(table: &Table) -> String {
    format!("SELECT {} FROM \"{}\" AS r WHERE r.id = ?", row_json(table, "r"), table.name)
}

/// Rows whose column equals the bound text, oldest first.
pub(crate) fn rows_where(table: &Table, column: &Column) -> String {
    format!(
        "SELECT {} FROM \"{}\" AS r WHERE r.\"{}\" = ? ORDER BY r.rowid",
        row_json(table, "r"),
        table.name,
        column.name
    )
}

/// Rows whose trimmed column equals the bound text, oldest first.
pub(crate) fn rows_named(table: &Table, column: &Column) -> String {
    format!(
        "SELECT {} FROM \"{}\" AS r WHERE trim(r.\"{}\") = ? ORDER BY r.rowid",
        row_json(table, "r"),
        table.name,
        column.name
    )
}

/// How many rows the table has.
pub(crate) fn count(table: &Table) -> String {
    format!("SELECT count(*) FROM \"{}\"", table.name)
}

/// Deletes the rows whose ids are in the bound JSON list.
pub(crate) fn delete(table: &Table) -> String {
    format!("DELETE FROM \"{}\" WHERE id IN (SELECT value FROM json_each(?))", table.name)
}

/// Inserts a row; one bind a column, in declaration order.
pub(crate) fn insert(table: &Table) -> String {
    let names: Vec<String> = table.columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
    let places = vec!["?"; names.len()];
    format!("INSERT INTO \"{}\" ({}) VALUES ({})", table.name, names.join(", "), places.join(", "))
}

/// Changes these columns of a row; one bind a column, then the id. Columns that are not named
/// stay out of it, so a reference that dangles since before does not fail the change.
pub(crate) fn update(table: &Table, columns: &[&Column]) -> String {
    let sets: Vec<String> = columns.iter().map(|c| format!("\"{}\" = ?", c.name)).collect();
    format!("UPDATE \"{}\" SET {} WHERE id = ?", table.name, sets.join(", "))
}
