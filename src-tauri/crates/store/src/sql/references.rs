//! References between rows.

use schema::{Column, Table};

use super::label::label;

/// How many rows refer through the column to an id in the bound JSON list.
pub(crate) fn count_referring(table: &Table, column: &Column) -> String {
    format!(
        "SELECT count(*) FROM \"{}\" AS r WHERE r.\"{}\" IN (SELECT value FROM json_each(?))",
        table.name, column.name
    )
}

/// Ids of rows that refer through the column to an id in the bound JSON list.
pub(crate) fn ids_referring(table: &Table, column: &Column) -> String {
    format!(
        "SELECT r.id FROM \"{}\" AS r WHERE r.\"{}\" IN (SELECT value FROM json_each(?))",
        table.name, column.name
    )
}

/// Ids of rows that the rows with ids in the bound JSON list refer to through the column.
pub(crate) fn ids_referred(table: &Table, column: &Column, target: &Table) -> String {
    format!(
        "SELECT s.id FROM \"{}\" AS s WHERE s.id IN (SELECT r.\"{}\" FROM \"{}\" AS r \
         WHERE r.id IN (SELECT value FROM json_each(?)))",
        target.name, column.name, table.name
    )
}

/// Ids and labels of rows that refer through the column to an id in the bound JSON list, at most
/// the bound number.
pub(crate) fn referring(table: &Table, column: &Column) -> String {
    format!(
        "SELECT r.id, {} FROM \"{}\" AS r WHERE r.\"{}\" IN (SELECT value FROM json_each(?)) ORDER BY r.rowid LIMIT ?",
        label(table, "r"),
        table.name,
        column.name
    )
}

/// Clears the column where it refers to an id in a bound JSON list (1), but not in rows whose ids
/// are in another (2).
pub(crate) fn detach(table: &Table, column: &Column) -> String {
    format!(
        "UPDATE \"{}\" SET \"{1}\" = NULL WHERE \"{1}\" IN (SELECT value FROM json_each(?1)) \
         AND id NOT IN (SELECT value FROM json_each(?2))",
        table.name, column.name
    )
}

/// Ids of rows whose reference column points to no row, with what they point to.
pub(crate) fn dangling(table: &Table, column: &Column, target: &Table) -> String {
    format!(
        "SELECT r.id, {label}, CAST(r.\"{column}\" AS TEXT) FROM \"{table}\" AS r \
         WHERE r.\"{column}\" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \"{target}\" AS s WHERE s.id = r.\"{column}\")",
        label = label(table, "r"),
        column = column.name,
        table = table.name,
        target = target.name,
    )
}
