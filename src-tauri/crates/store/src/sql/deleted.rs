//! Copies rows to the trash and back. The values do not leave SQLite, so all of them are restored
//! exactly.

use std::fmt::Write as _;

use resources::referring_columns;
use schema::{Column, Kind, Table};

use super::{label::label, references};
use crate::metadata::METADATA_TABLES;

/// The tables of the trash; the column `deletion` of each has the id of the deletion.
const PARTS: [&str; 3] = ["studio_deleted_rows", "studio_deleted_values", "studio_cleared_references"];

/// Rows of the bound deletion (1) with ids of the bound JSON array (2).
const CHOSEN: &str = "deletion = ?1 AND row_id IN (SELECT value FROM json_each(?2))";

/// `CASE <key> WHEN 'name' THEN <value> … END` over columns.
fn by_name<'a>(key: &str, columns: impl Iterator<Item = (&'a str, String)>) -> String {
    let mut text = format!("CASE {key}");
    for (name, value) in columns {
        let _ = write!(text, " WHEN '{name}' THEN {value}");
    }
    text + " END"
}

fn one_a_name<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("('{name}')")).collect();
    format!("(VALUES {})", names.join(", "))
}

/// The texts of a column that more than one row has.
fn repeated(table: &Table, column: &Column) -> String {
    format!(
        "(SELECT trim(\"{0}\") FROM main.\"{1}\" WHERE trim(\"{0}\") <> '' GROUP BY 1 HAVING count(*) > 1)",
        column.name, table.name
    )
}

/// Whether the value of row `r` is a reference to no row, or a duplicate in a unique column. `None` for
/// a column without such a rule.
fn breaks_a_rule(table: &Table, column: &Column) -> Option<String> {
    let value = references::value(table, column, "r");
    match column.kind {
        Kind::Reference { table: target } => Some(format!(
            "({value} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM main.\"{target}\" AS s WHERE s.id = {value}))"
        )),
        _ if column.unique => Some(format!("coalesce(trim({value}) IN {}, FALSE)", repeated(table, column))),
        _ => None,
    }
}

/// Copies rows of a resource and their metadata to the trash. All bind the deletion and a JSON array
/// of ids.
pub(crate) fn keep(table: &Table) -> Vec<String> {
    let values = table.columns.iter().map(|column| (column.name, format!("r.\"{}\"", column.name)));
    let odd = |c: &Column| breaks_a_rule(table, c).unwrap_or_else(|| "FALSE".to_owned());
    let odd = by_name("c.column1", table.columns.iter().map(|column| (column.name, odd(column))));
    let rows = format!(
        "INSERT INTO studio_deleted_rows SELECT ?1, '{name}', r.id, {label} FROM \"{name}\" AS r \
         WHERE r.id IN (SELECT value FROM json_each(?2))",
        name = table.name,
        label = label(table, "r"),
    );
    let own = format!(
        "INSERT INTO studio_deleted_values SELECT * FROM (SELECT ?1, '{name}', r.id, '{name}', r.rowid, c.column1, \
         {value} AS value, {odd} FROM \"{name}\" AS r, {columns} AS c \
         WHERE r.id IN (SELECT value FROM json_each(?2))) WHERE value IS NOT NULL",
        name = table.name,
        value = by_name("c.column1", values),
        columns = one_a_name(table.columns.iter().map(|column| column.name)),
    );
    let of_metadata = METADATA_TABLES.iter().map(|metadata| {
        format!(
            "INSERT INTO studio_deleted_values SELECT ?1, h.table_name, h.row_id, '{source}', h.place, c.column1, {value}, FALSE \
             FROM (SELECT *, row_number() OVER () AS place FROM \"{source}\" \
             WHERE table_name = '{name}' AND row_id IN (SELECT value FROM json_each(?2))) AS h, {columns} AS c",
            source = metadata.name,
            name = table.name,
            value = by_name("c.column1", metadata.columns().map(|name| (name, format!("h.\"{name}\"")))),
            columns = one_a_name(metadata.columns()),
        )
    });
    [rows, own].into_iter().chain(of_metadata).collect()
}

/// Copies the references through the column to ids of a JSON array to the trash, except for those of
/// the rows with ids of another. Binds the deletion and both arrays.
pub(crate) fn keep_references(table: &Table, column: &Column) -> String {
    format!(
        "INSERT INTO studio_cleared_references SELECT ?1, '{table}', r.id, '{column}', {value} FROM \"{table}\" AS r \
         WHERE {value} IN (SELECT value FROM json_each(?2)) AND r.id NOT IN (SELECT value FROM json_each(?3))",
        table = table.name,
        column = column.name,
        value = references::value(table, column, "r"),
    )
}

/// Inserts rows of a deletion and their metadata into their tables, each with its old rowid if that is
/// free. All bind the deletion and a JSON array of ids.
pub(crate) fn restore_rows(table: &Table) -> Vec<String> {
    let values = |names: &mut dyn Iterator<Item = &'static str>| {
        let value = |name| format!("max(CASE column_name WHEN '{name}' THEN value END)");
        names.map(value).collect::<Vec<_>>().join(", ")
    };
    let names: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    let own = format!(
        "INSERT INTO main.\"{name}\" (rowid, {}) \
         SELECT CASE WHEN place NOT IN (SELECT rowid FROM main.\"{name}\") THEN place END AS free, {} \
         FROM studio_deleted_values WHERE source = '{name}' AND table_name = '{name}' AND {CHOSEN} \
         GROUP BY place ORDER BY free IS NULL, place",
        names.join(", "),
        values(&mut table.columns.iter().map(|column| column.name)),
        name = table.name,
    );
    let of_metadata = METADATA_TABLES.iter().map(|metadata| {
        format!(
            "INSERT OR REPLACE INTO main.\"{source}\" ({}) SELECT {} FROM studio_deleted_values \
             WHERE source = '{source}' AND table_name = '{}' AND {CHOSEN} GROUP BY place",
            metadata.columns().collect::<Vec<_>>().join(", "),
            values(&mut metadata.columns()),
            table.name,
            source = metadata.name,
        )
    });
    std::iter::once(own).chain(of_metadata).collect()
}

/// Sets the references to ids of the JSON array that the deletion cleared and that are still null.
/// Binds the deletion and the array.
pub(crate) fn restore_references(table: &Table, column: &Column) -> String {
    let cleared = format!(
        "c.deletion = ?1 AND c.table_name = '{table}' AND c.column_name = '{column}' AND c.row_id = r.id \
         AND c.value IN (SELECT value FROM json_each(?2)) AND {value} IS NULL",
        table = table.name,
        column = column.name,
        value = references::value(table, column, "r"),
    );
    references::set(table, column, "c.value", "studio_cleared_references AS c", &cleared)
}

/// The ids of a JSON array that rows of the table have.
pub(crate) fn here(table: &Table) -> String {
    format!("SELECT r.id FROM main.\"{}\" AS r WHERE r.id IN (SELECT value FROM json_each(?))", table.name)
}

/// Ids and values of inserted rows that break the column's rule and did not when they were deleted;
/// `None` for a column without such a rule. Binds the deletion and a JSON array of ids.
pub(crate) fn broken(table: &Table, column: &Column) -> Option<String> {
    let breaks = breaks_a_rule(table, column)?;
    Some(format!(
        "SELECT r.id, {value} FROM main.\"{table}\" AS r WHERE r.id IN (SELECT value FROM json_each(?2)) \
         AND {breaks} AND NOT EXISTS (SELECT 1 FROM studio_deleted_values AS v WHERE v.deletion = ?1 \
         AND v.table_name = '{table}' AND v.row_id = r.id AND v.source = '{table}' AND v.column_name = '{column}' AND v.odd)",
        table = table.name,
        column = column.name,
        value = references::value(table, column, "r"),
    ))
}

/// Sets a column of one row. Binds the value and the id.
pub(crate) fn set(table: &Table, column: &Column) -> String {
    references::set(table, column, "?1", "", "r.id = ?2")
}

/// Deletes rows of a deletion from the trash. All bind the deletion and a JSON array of ids.
pub(crate) fn forget(table: &Table) -> Vec<String> {
    let of_rows = PARTS[..2]
        .iter()
        .map(|part| format!("DELETE FROM {part} WHERE table_name = '{}' AND {CHOSEN}", table.name));
    let references = referring_columns(table.name).map(|(referring, column)| {
        format!(
            "DELETE FROM studio_cleared_references WHERE deletion = ?1 AND table_name = '{}' \
             AND column_name = '{}' AND value IN (SELECT value FROM json_each(?2))",
            referring.name, column.name
        )
    });
    of_rows.chain(references).collect()
}

/// Deletes the deletions that meet a condition, with their rows, from the trash.
pub(crate) fn forget_deletions(condition: &'static str) -> Vec<String> {
    let parts = PARTS.iter().map(|part| {
        format!("DELETE FROM {part} WHERE deletion IN (SELECT id FROM studio_deletions WHERE {condition})")
    });
    parts.chain([format!("DELETE FROM studio_deletions WHERE {condition}")]).collect()
}
