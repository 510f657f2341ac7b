//! Rows of one table.

use std::fmt::Write as _;

use schema::{Affinity, Column, Table};

use super::label::label;

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

/// SQLite writes numbers in JSON with 15 digits, which is not always exact. Infinities have no JSON form.
fn exact(value: &str) -> String {
    format!(
        "CASE WHEN abs({value}) > 1.7976931348623157e308 THEN printf('%f', {value}) \
         WHEN CAST(printf('%!.15g', {value}) AS REAL) = {value} THEN json(printf('%!.15g', {value})) \
         WHEN CAST(printf('%!.16g', {value}) AS REAL) = {value} THEN json(printf('%!.16g', {value})) \
         ELSE json(printf('%!.17g', {value})) END"
    )
}

/// All rows, or those that meet a condition on `r`, by id: a JSON object, then for each column of numbers
/// the number if SQLite does not write it exactly, as with very large and very small ones.
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
    // The plus prevents the use of the index of ids: reading in rowid order and sorting takes two thirds
    // of the time of looking up each row.
    format!(
        "SELECT {}{numbers} FROM \"{}\" AS r {condition} ORDER BY +r.id",
        row_json(table, "r"),
        table.name
    )
}

/// All rows, the oldest first: a JSON object and the label.
pub(crate) fn labeled_rows(table: &Table) -> String {
    format!(
        "SELECT {}, {} FROM \"{}\" AS r ORDER BY r.rowid",
        row_json(table, "r"),
        label(table, "r"),
        table.name
    )
}

/// All rows, the oldest first: a JSON object a row.
pub(crate) fn rows_in_order(table: &Table) -> String {
    format!("SELECT {} FROM \"{}\" AS r ORDER BY r.rowid", row_json(table, "r"), table.name)
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

/// Inserts a row. Binds the columns in declaration order.
pub(crate) fn insert(table: &Table) -> String {
    let names: Vec<String> = table.columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
    let places = vec!["?"; names.len()];
    format!("INSERT INTO \"{}\" ({}) VALUES ({})", table.name, names.join(", "), places.join(", "))
}

/// Updates these columns of a row. Binds them and the id. The foreign keys of other columns are not
/// checked, so a row with a dangling reference can be changed.
pub(crate) fn update(table: &Table, columns: &[&Column]) -> String {
    let sets: Vec<String> = columns.iter().map(|c| format!("\"{}\" = ?", c.name)).collect();
    format!("UPDATE \"{}\" SET {} WHERE id = ?", table.name, sets.join(", "))
}
