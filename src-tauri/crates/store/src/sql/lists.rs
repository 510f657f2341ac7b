//! Lists: filters, order and labels of rows.

use resources::{Described as _, Filter, ListQuery, PROBLEMS, TAG, USED, referring_columns};
use schema::{Column, Kind, Table};

use super::{label::label, marks::odd, references::value, rows::row_json};

/// A page of a list: row, created_at, changed_at, rowid and the number of all matching rows. An empty
/// page gives one record without a rowid. Binds: those of the search, one for each filter, limit and
/// offset.
pub(crate) fn page(table: &Table, query: &ListQuery, found: Option<&str>) -> String {
    let (name, times) = (table.name, times(table));
    let (key, order) = match &query.sort {
        None => ("NULL".to_owned(), "n".to_owned()),
        Some(sort) => {
            let direction = if sort.descending { "DESC" } else { "ASC" };
            (key(table, &sort.column), format!("k IS NULL, k COLLATE NOCASE {direction}, n {direction}"))
        }
    };
    let from = match found {
        // The index may contain rowids whose rows were replaced by another program; the join drops
        // those that no longer exist.
        Some(found) => format!("({}) AS f CROSS JOIN \"{name}\" AS r ON r.rowid = f.n", found),
        None => format!("\"{name}\" AS r"),
    };
    // With a join that is not needed, SQLite reads the rows in the order of their ids, which takes five
    // times as long.
    let needed = if query.sort.as_ref().is_some_and(|sort| is_time(&sort.column)) { &times } else { "" };
    let filters: Vec<String> = query.filters.iter().map(|filter| condition(table, filter)).collect();
    let only = if filters.is_empty() { String::new() } else { format!("WHERE {}", filters.join(" AND ")) };
    // A search or filter is evaluated once for both the count and the page. Only the keys are sorted;
    // JSON is built for the rows of the page alone.
    let once = if found.is_none() && filters.is_empty() { "NOT MATERIALIZED" } else { "MATERIALIZED" };
    format!(
        "WITH matching (n, k) AS {once} (SELECT r.rowid, {key} FROM {from} {needed} {only}) \
         SELECT {}, t.created_at, t.changed_at, p.n, total.rows \
         FROM (SELECT count(*) AS rows FROM matching) AS total \
         LEFT JOIN (SELECT n, k FROM matching ORDER BY {order} LIMIT ? OFFSET ?) AS p \
         LEFT JOIN \"{name}\" AS r ON r.rowid = p.n {times} ORDER BY {order}",
        row_json(table, "r")
    )
}

/// The first rows of a search: row, created_at, changed_at. Binds: those of the search, and the limit.
pub(crate) fn first_found(table: &Table, found: &str) -> String {
    format!(
        "SELECT {}, t.created_at, t.changed_at FROM \"{}\" AS r {} WHERE r.rowid IN ({}) ORDER BY r.rowid LIMIT ?",
        row_json(table, "r"),
        table.name,
        times(table),
        found
    )
}

fn times(table: &Table) -> String {
    format!("LEFT JOIN studio_times AS t ON t.row_id = r.id AND t.table_name = '{}'", table.name)
}

/// The condition of a filter, with one bind. A filter of an unknown column matches no row.
fn condition(table: &Table, filter: &Filter) -> String {
    match (filter.column.as_str(), table.column(&filter.column)) {
        (_, Some(column)) => format!("r.\"{}\" = ?", column.name),
        (TAG, None) => format!(
            "r.id IN (SELECT row_id FROM studio_tags WHERE table_name = '{}' AND tag = ?)",
            table.name
        ),
        (USED, None) => {
            let uses = referring_columns(table.name).map(|(referring, column)| {
                let value = value(referring, column, "u");
                format!("SELECT {value} FROM \"{}\" AS u WHERE {value} IS NOT NULL", referring.name)
            });
            let uses: Vec<String> = uses.collect();
            let none = "SELECT NULL WHERE false".to_owned();
            let uses = uses.into_iter().reduce(|a, b| format!("{a} UNION ALL {b}")).unwrap_or(none);
            format!("(r.id IN ({uses})) = (? = 'yes')")
        }
        (PROBLEMS, None) => {
            let elsewhere = "r.rowid IN (SELECT value FROM json_each(?))";
            format!("({} OR {elsewhere}) = {}", odd(table), filter.value == "yes")
        }
        _ => "? IS NULL".to_owned(),
    }
}

/// Whether a list is sorted by the time of creation or change.
fn is_time(column: &str) -> bool {
    matches!(column, "created_at" | "changed_at")
}

/// The sort key. References sort by the label of the row that they refer to.
fn key(table: &Table, column: &str) -> String {
    match table.column(column) {
        Some(Column { name, kind: Kind::Reference { table }, .. }) => {
            let target = table.table();
            format!("(SELECT {} FROM \"{}\" AS s WHERE s.id = r.\"{name}\")", label(target, "s"), target.name)
        }
        Some(column) => format!("r.\"{}\"", column.name),
        None if is_time(column) => format!("t.{column}"),
        None => "NULL".to_owned(),
    }
}

/// Ids and labels of the rows with the bound Hub name in `name`, trimmed, or whose location is the bound folder
/// or below it; the third bound text is the folder with a separator.
pub(crate) fn rows_of_repository(table: &Table, name: &str) -> String {
    format!(
        "SELECT r.id, {} FROM \"{}\" AS r WHERE trim(r.\"{name}\") = ?1 OR r.location = ?2 \
         OR substr(r.location, 1, length(?3)) = ?3 ORDER BY r.rowid",
        label(table, "r"),
        table.name
    )
}

/// Ids and labels of the rows whose ids are in the bound JSON list.
pub(crate) fn labels(table: &Table) -> String {
    format!(
        "SELECT r.id, {} FROM \"{}\" AS r WHERE r.id IN (SELECT value FROM json_each(?))",
        label(table, "r"),
        table.name
    )
}
