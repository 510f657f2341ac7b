//! Lists: which rows, in which order, and what they are called.

use super::{marks::odd, row_json};
use crate::{
    schema::{Column, Kind, Table},
    store::{
        Filter, ListQuery,
        read::{PROBLEMS, TAG, USED},
        references::referring_columns,
        search::Found,
    },
};

/// Counts all that match. Binds are those of what was found, then one a filter.
pub(crate) fn total(table: &Table, query: &ListQuery, found: Option<&Found>) -> String {
    format!("SELECT count(*) FROM \"{}\" AS r{}", table.name, matching(table, query, found))
}

/// A page of a list: row, created_at, changed_at. Two further binds, limit and offset.
pub(crate) fn page(table: &Table, query: &ListQuery, found: Option<&Found>) -> String {
    let (name, order) = (table.name, order(table, query));
    let times = format!("LEFT JOIN studio_times AS t ON t.row_id = r.id AND t.table_name = '{name}'");
    let rows = format!("SELECT {}, t.created_at, t.changed_at FROM", row_json(table, "r"));
    let chosen =
        format!("\"{name}\" AS r {times}{} ORDER BY {order} LIMIT ? OFFSET ?", matching(table, query, found));
    match query.sort {
        None => format!("{rows} {chosen}"),
        // Of all that match only the keys are sorted; whole rows are made of those of the page alone.
        Some(_) => format!(
            "{rows} (SELECT r.rowid AS n FROM {chosen}) AS p JOIN \"{name}\" AS r ON r.rowid = p.n {times} ORDER BY {order}"
        ),
    }
}

fn matching(table: &Table, query: &ListQuery, found: Option<&Found>) -> String {
    let found = found.map(|found| found.condition.clone());
    let filtered = query.filters.iter().map(|filter| condition(table, filter));
    let conditions: Vec<String> = found.into_iter().chain(filtered).collect();
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}

/// One condition with one bind. A column that isn't there holds for no row.
fn condition(table: &Table, filter: &Filter) -> String {
    match (filter.column.as_str(), table.column(&filter.column)) {
        (_, Some(column)) => format!("r.\"{}\" = ?", column.name),
        (TAG, None) => format!(
            "r.id IN (SELECT row_id FROM studio_tags WHERE table_name = '{}' AND tag = ?)",
            table.name
        ),
        (USED, None) => {
            let uses = referring_columns(table.name).map(|(referring, column)| {
                format!("SELECT \"{0}\" FROM \"{1}\" WHERE \"{0}\" IS NOT NULL", column.name, referring.name)
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

/// A reference sorts by the label a person sees, not by the id.
fn order(table: &Table, query: &ListQuery) -> String {
    let Some(sort) = &query.sort else { return "r.rowid".to_owned() };
    let direction = if sort.descending { "DESC" } else { "ASC" };
    let key = match (sort.column.as_str(), table.column(&sort.column)) {
        ("created_at", _) => "t.created_at".to_owned(),
        ("changed_at", _) => "t.changed_at".to_owned(),
        (_, Some(Column { name, kind: Kind::Reference { table }, .. })) => {
            let target = table.table();
            format!("(SELECT {} FROM \"{}\" AS s WHERE s.id = r.\"{name}\")", label(target, "s"), target.name)
        }
        (_, Some(column)) => format!("r.\"{}\"", column.name),
        _ => "r.rowid".to_owned(),
    };
    format!("{key} IS NULL, {key} COLLATE NOCASE {direction}, r.rowid {direction}")
}

/// What a person calls a row, in SQL; as [`Table::label_of`].
pub(super) fn label(table: &Table, alias: &str) -> String {
    let named = table.label.iter().map(|column| format!("nullif(trim({alias}.\"{column}\"), '')"));
    let fallback = format!("'{} ' || substr({alias}.id, 1, 8)", table.singular);
    let all: Vec<String> = named.chain([fallback]).collect();
    if all.len() == 1 { all.concat() } else { format!("coalesce({})", all.join(", ")) }
}

/// Ids and labels of the rows whose ids are in the bound JSON list.
pub(crate) fn labels(table: &Table) -> String {
    format!(
        "SELECT r.id, {} FROM \"{}\" AS r WHERE r.id IN (SELECT value FROM json_each(?))",
        label(table, "r"),
        table.name
    )
}
