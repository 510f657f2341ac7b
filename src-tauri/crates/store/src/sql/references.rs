//! References between rows.

use schema::{Column, Table};

use super::label::label;

/// The id that row `alias` refers to: the value of a column, or of what is chosen beside the row.
pub(super) fn value(table: &Table, column: &Column, alias: &str) -> String {
    match table.column(column.name) {
        Some(_) => format!("{alias}.\"{}\"", column.name),
        None => format!(
            "(SELECT CASE WHEN json_valid(c.choices) THEN c.choices ->> '$.{}' END \
             FROM main.studio_training_choices AS c WHERE c.table_name = '{}' AND c.row_id = {alias}.id)",
            column.name, table.name
        ),
    }
}

/// Sets the reference of the rows `r` for which a condition holds to a value, an SQL expression in which `r`
/// is the row. `from` is what else it reads.
pub(super) fn set(table: &Table, column: &Column, to: &str, from: &str, condition: &str) -> String {
    match table.column(column.name) {
        Some(_) => {
            let from = if from.is_empty() { String::new() } else { format!(" FROM {from}") };
            format!(
                "UPDATE main.\"{}\" AS r SET \"{}\" = {to}{from} WHERE {condition}",
                table.name, column.name
            )
        }
        None => {
            let from = if from.is_empty() { String::new() } else { format!(", {from}") };
            format!(
                "UPDATE main.studio_training_choices AS o SET choices = json_set(o.choices, '$.{0}', {to}) \
                 FROM main.\"{1}\" AS r{from} WHERE o.table_name = '{1}' AND o.row_id = r.id \
                 AND json_valid(o.choices) AND {condition}",
                column.name, table.name
            )
        }
    }
}

/// Rows `r` that refer through the column to an id in the bound JSON list: these values of each.
fn select_referring(values: &str, table: &Table, column: &Column) -> String {
    let id = value(table, column, "r");
    format!("SELECT {values} FROM \"{}\" AS r WHERE {id} IN (SELECT value FROM json_each(?))", table.name)
}

/// How many rows refer through the column to an id in the bound JSON list.
pub(crate) fn count_referring(table: &Table, column: &Column) -> String {
    select_referring("count(*)", table, column)
}

/// Ids of rows that refer through the column to an id in the bound JSON list.
pub(crate) fn ids_referring(table: &Table, column: &Column) -> String {
    select_referring("r.id", table, column)
}

/// Ids of rows that the rows with ids in the bound JSON list refer to through the column.
pub(crate) fn ids_referred(table: &Table, column: &Column, target: &Table) -> String {
    format!(
        "SELECT s.id FROM \"{}\" AS s WHERE s.id IN (SELECT {} FROM \"{}\" AS r \
         WHERE r.id IN (SELECT value FROM json_each(?)))",
        target.name,
        value(table, column, "r"),
        table.name
    )
}

/// Ids and labels of rows that refer through the column to an id in the bound JSON list, at most
/// the bound number.
pub(crate) fn referring(table: &Table, column: &Column) -> String {
    let values = format!("r.id, {}", label(table, "r"));
    select_referring(&values, table, column) + " ORDER BY r.rowid LIMIT ?"
}

/// Clears the column where it refers to an id in a bound JSON list (1), but not in rows whose ids
/// are in another (2).
pub(crate) fn detach(table: &Table, column: &Column) -> String {
    let referring = format!(
        "{} IN (SELECT value FROM json_each(?1)) AND r.id NOT IN (SELECT value FROM json_each(?2))",
        value(table, column, "r")
    );
    set(table, column, "NULL", "", &referring)
}

/// Ids of rows whose reference column points to no row, with what they point to.
pub(crate) fn dangling(table: &Table, column: &Column, target: &Table) -> String {
    format!(
        "SELECT r.id, {label}, CAST({value} AS TEXT) FROM \"{table}\" AS r \
         WHERE {value} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \"{target}\" AS s WHERE s.id = {value})",
        label = label(table, "r"),
        value = value(table, column, "r"),
        table = table.name,
        target = target.name,
    )
}
