//! The only file that assembles SQL. Every identifier comes from the static declarations of the
//! resources; every value is bound.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr, Sqlite, query::Query, sqlite::SqliteArguments};

use super::read::ListQuery;
use crate::schema::{Affinity, Column, Kind, Table};

/// A statement whose text is made of declarations only.
pub(crate) fn statement<'q>(text: String) -> Query<'q, Sqlite, SqliteArguments> {
    sqlx::query(safe(text))
}

fn safe(text: String) -> SqlStr {
    AssertSqlSafe(text).into_sql_str()
}

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

/// All rows by id: one text column, a JSON object a row.
pub(crate) fn all_rows(table: &Table) -> String {
    format!("SELECT {} FROM \"{}\" AS r ORDER BY r.id", row_json(table, "r"), table.name)
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

/// The first row whose trimmed column equals the bound text.
pub(crate) fn row_named(table: &Table, column: &Column) -> String {
    format!(
        "SELECT {} FROM \"{}\" AS r WHERE trim(r.\"{}\") = ? ORDER BY r.rowid LIMIT 1",
        row_json(table, "r"),
        table.name,
        column.name
    )
}

/// How many rows the table has.
pub(crate) fn count(table: &Table) -> String {
    format!("SELECT count(*) FROM \"{}\"", table.name)
}

/// A page of a list. Binds come in the order of [`ListQuery::binds`].
pub(crate) struct PageStatements {
    /// Counts all that match.
    pub(crate) total: String,
    /// The page: row, created_at, changed_at; two further binds, limit and offset.
    pub(crate) page: String,
}

/// The statements for a list.
pub(crate) fn page(table: &Table, query: &ListQuery) -> PageStatements {
    let mut conditions = Vec::new();
    if query.search_terms().next().is_some() {
        let fields: Vec<String> =
            table.columns.iter().map(|c| format!("r.\"{}\" LIKE ? ESCAPE '\\'", c.name)).collect();
        for _ in query.search_terms() {
            conditions.push(format!("({})", fields.join(" OR ")));
        }
    }
    for column in query.filter_columns(table) {
        conditions.push(format!("r.\"{}\" = ?", column.name));
    }
    let filter =
        if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
    let times = "LEFT JOIN studio_times AS t ON t.row_id = r.id AND t.table_name";
    PageStatements {
        total: format!("SELECT count(*) FROM \"{}\" AS r{filter}", table.name),
        page: format!(
            "SELECT {}, t.created_at, t.changed_at FROM \"{name}\" AS r {times} = '{name}'{filter} ORDER BY {} LIMIT ? OFFSET ?",
            row_json(table, "r"),
            order(table, query),
            name = table.name,
        ),
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
fn label(table: &Table, alias: &str) -> String {
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

/// How many rows refer through the column to an id in the bound JSON list.
pub(crate) fn count_referring(table: &Table, column: &Column) -> String {
    format!(
        "SELECT count(*) FROM \"{}\" AS r WHERE r.\"{}\" IN (SELECT value FROM json_each(?))",
        table.name, column.name
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

/// Clears the column where it refers to an id in the bound JSON list.
pub(crate) fn detach(table: &Table, column: &Column) -> String {
    format!(
        "UPDATE \"{}\" SET \"{1}\" = NULL WHERE \"{1}\" IN (SELECT value FROM json_each(?))",
        table.name, column.name
    )
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

/// Adds a column that an older database lacks.
pub(crate) fn add_column(table: &Table, column: &Column) -> String {
    let r#type = match column.affinity() {
        Affinity::Text => "VARCHAR",
        Affinity::Integer => "INTEGER",
        Affinity::Real => "DOUBLE",
    };
    let reference = match column.kind {
        Kind::Reference { table } => format!(" REFERENCES {table} (id)"),
        _ => String::new(),
    };
    format!("ALTER TABLE \"{}\" ADD COLUMN \"{}\" {type}{reference}", table.name, column.name)
}

/// Turns empty texts in a reference column into NULL.
pub(crate) fn clear_empty(table: &Table, column: &Column) -> String {
    format!("UPDATE \"{}\" SET \"{1}\" = NULL WHERE \"{1}\" = ''", table.name, column.name)
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
