//! Keeping deleted rows, and putting them back. Values go from table to table inside SQLite, so
//! whatever it can hold comes back as it was.

use std::fmt::Write as _;

use resources::referring_columns;
use schema::{Column, Kind, Table};

use super::label::label;
use crate::metadata::METADATA_TABLES;

/// A deletion's own tables; each names it in its column `deletion`.
const PARTS: [&str; 3] = ["studio_deleted_rows", "studio_deleted_values", "studio_cleared_references"];

/// The rows of a resource with the bound deletion (1) and the ids of a bound JSON list (2).
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

/// Texts that more than one row of the table has.
fn repeated(table: &Table, column: &Column) -> String {
    format!(
        "(SELECT trim(\"{0}\") FROM main.\"{1}\" WHERE trim(\"{0}\") <> '' GROUP BY 1 HAVING count(*) > 1)",
        column.name, table.name
    )
}

/// Whether the value of row `r` refers to nothing, or is not the only one of its kind; none for a
/// column that may hold anything.
fn breaks_a_rule(table: &Table, column: &Column) -> Option<String> {
    let value = format!("r.\"{}\"", column.name);
    match column.kind {
        Kind::Reference { table: target } => Some(format!(
            "({value} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM main.\"{target}\" AS s WHERE s.id = {value}))"
        )),
        _ if column.unique => Some(format!("coalesce(trim({value}) IN {}, FALSE)", repeated(table, column))),
        _ => None,
    }
}

/// Keeps the rows of a resource with what hangs on them. All bind the deletion and a JSON list of
/// ids.
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
    let hung = METADATA_TABLES.iter().map(|metadata| {
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
    [rows, own].into_iter().chain(hung).collect()
}

/// Keeps the references through the column to ids of a JSON list, but not those of rows of
/// another. Binds the deletion and both.
pub(crate) fn keep_references(table: &Table, column: &Column) -> String {
    format!(
        "INSERT INTO studio_cleared_references SELECT ?1, '{table}', r.id, '{column}', r.\"{column}\" FROM \"{table}\" AS r \
         WHERE r.\"{column}\" IN (SELECT value FROM json_each(?2)) AND r.id NOT IN (SELECT value FROM json_each(?3))",
        table = table.name,
        column = column.name,
    )
}

/// Puts rows of a resource back, each in its old place in the table if that is free, and what
/// hung on them. All bind the deletion and a JSON list of ids.
pub(crate) fn put_back(table: &Table) -> Vec<String> {
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
    let hung = METADATA_TABLES.iter().map(|metadata| {
        format!(
            "INSERT OR REPLACE INTO main.\"{source}\" ({}) SELECT {} FROM studio_deleted_values \
             WHERE source = '{source}' AND table_name = '{}' AND {CHOSEN} GROUP BY place",
            metadata.columns().collect::<Vec<_>>().join(", "),
            values(&mut metadata.columns()),
            table.name,
            source = metadata.name,
        )
    });
    std::iter::once(own).chain(hung).collect()
}

/// Sets the column again where the deletion cleared a reference to an id of the JSON list and it
/// is still empty. Binds both.
pub(crate) fn put_references_back(table: &Table, column: &Column) -> String {
    format!(
        "UPDATE main.\"{table}\" AS r SET \"{column}\" = c.value FROM studio_cleared_references AS c \
         WHERE c.deletion = ?1 AND c.table_name = '{table}' AND c.column_name = '{column}' AND c.row_id = r.id \
         AND c.value IN (SELECT value FROM json_each(?2)) AND r.\"{column}\" IS NULL",
        table = table.name,
        column = column.name,
    )
}

/// Which ids of a JSON list are here.
pub(crate) fn here(table: &Table) -> String {
    format!("SELECT r.id FROM main.\"{}\" AS r WHERE r.id IN (SELECT value FROM json_each(?))", table.name)
}

/// Ids and values of rows that were put back and now break the column's rule, which they did not
/// when they were deleted; none for a column without one. Binds the deletion and a JSON list.
pub(crate) fn broken(table: &Table, column: &Column) -> Option<String> {
    let breaks = breaks_a_rule(table, column)?;
    Some(format!(
        "SELECT r.id, r.\"{column}\" FROM main.\"{table}\" AS r WHERE r.id IN (SELECT value FROM json_each(?2)) \
         AND {breaks} AND NOT EXISTS (SELECT 1 FROM studio_deleted_values AS v WHERE v.deletion = ?1 \
         AND v.table_name = '{table}' AND v.row_id = r.id AND v.source = '{table}' AND v.column_name = '{column}' AND v.odd)",
        table = table.name,
        column = column.name,
    ))
}

/// Gives the column of one row a value. Binds the value and the id.
pub(crate) fn set(table: &Table, column: &Column) -> String {
    format!("UPDATE main.\"{}\" SET \"{}\" = ? WHERE id = ?", table.name, column.name)
}

/// Forgets rows of a deletion that are back. All bind the deletion and a JSON list of ids.
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

/// Forgets the deletions that a condition chooses, with all they kept.
pub(crate) fn forget_deletions(condition: &'static str) -> Vec<String> {
    let parts = PARTS.iter().map(|part| {
        format!("DELETE FROM {part} WHERE deletion IN (SELECT id FROM studio_deletions WHERE {condition})")
    });
    parts.chain([format!("DELETE FROM studio_deletions WHERE {condition}")]).collect()
}
