//! The only file that assembles SQL. Every identifier comes from the static declarations of the
//! resources; every value is bound.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr, Sqlite, query::Query, sqlite::SqliteArguments};

use super::read::ListQuery;
use crate::{
    resources::{TABLES, TableName},
    schema::{Affinity, Column, Kind, Table},
};

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

/// All rows by id: a JSON object a row, then for each column of numbers the number that SQLite
/// does not write exactly, if it is one. It gets digits wrong far from one.
pub(crate) fn all_rows(table: &Table) -> String {
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
    format!("SELECT {}{numbers} FROM \"{}\" AS r ORDER BY +r.id", row_json(table, "r"), table.name)
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

// Snapshots: rows of a source are staged in temporary tables of one connection, `in_…` with the
// rows and `k_…` with what was found about them, and compared and taken from there.

/// A table as a snapshot holds it.
#[derive(Debug)]
pub(crate) struct Stage {
    /// Its name in a snapshot and in the database.
    pub(crate) name: &'static str,
    /// Its columns, the key first.
    pub(crate) columns: Vec<StageColumn>,
    /// The resource; none for the times.
    pub(crate) table: Option<&'static Table>,
}

/// A column as a snapshot holds it.
#[derive(Debug)]
pub(crate) struct StageColumn {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) affinity: Affinity,
    /// The table it refers to.
    pub(crate) target: Option<TableName>,
}

/// A row is the same as one that is here, or as an earlier one of the source.
pub(crate) const SAME: i64 = 1;
/// A row has the id of one that is here, and says something else.
pub(crate) const CONFLICTING: i64 = 2;
/// A row has the id of an earlier row of the source, and says something else.
pub(crate) const REPEATED: i64 = 3;

impl Stage {
    fn names(&self, alias: &str) -> String {
        let names: Vec<String> = self.columns.iter().map(|c| format!("{alias}\"{}\"", c.name)).collect();
        names.join(", ")
    }

    /// Whether two rows say the same, null for null.
    fn equal(&self, a: &str, b: &str) -> String {
        let equal = self.columns.iter().map(|c| format!("{a}.\"{0}\" IS {b}.\"{0}\"", c.name));
        equal.collect::<Vec<_>>().join(" AND ")
    }

    /// Makes the temporary tables.
    pub(crate) fn create(&self) -> [String; 2] {
        [
            format!("CREATE TEMP TABLE \"in_{}\" (n INTEGER PRIMARY KEY, {})", self.name, self.names("")),
            format!("CREATE TEMP TABLE \"k_{}\" (n INTEGER PRIMARY KEY, class INTEGER)", self.name),
        ]
    }

    /// Takes in rows: for each its number, then its columns.
    pub(crate) fn take_in(&self, rows: usize) -> String {
        let row = format!("(?{})", ", ?".repeat(self.columns.len()));
        format!("INSERT INTO \"in_{}\" VALUES {}", self.name, vec![row; rows].join(", "))
    }

    /// Speeds up looking for rows by id, once all are in.
    pub(crate) fn index(&self) -> String {
        format!("CREATE INDEX temp.\"in_{0}_id\" ON \"in_{0}\" ({1})", self.name, self.columns[0].name)
    }

    /// How many rows repeat an id of the source.
    pub(crate) fn count_repeats(&self) -> String {
        format!("SELECT count(*) - count(DISTINCT id) FROM \"in_{}\"", self.name)
    }

    /// Classes the rows that repeat an id.
    pub(crate) fn class_repeats(&self) -> String {
        format!(
            "INSERT INTO \"k_{name}\" SELECT s.n, CASE WHEN {} THEN {SAME} ELSE {REPEATED} END FROM \"in_{name}\" AS s \
             JOIN \"in_{name}\" AS f ON f.n = (SELECT min(n) FROM \"in_{name}\" WHERE id = s.id) WHERE f.n < s.n",
            self.equal("s", "f"),
            name = self.name,
        )
    }

    /// Classes the rows whose id is here. What is in neither class is new.
    pub(crate) fn class_known(&self) -> String {
        format!(
            "INSERT OR IGNORE INTO \"k_{name}\" SELECT s.n, CASE WHEN {} THEN {SAME} ELSE {CONFLICTING} END \
             FROM \"in_{name}\" AS s JOIN main.\"{name}\" AS m ON m.id = s.id",
            self.equal("s", "m"),
            name = self.name,
        )
    }

    /// Forgets the classes.
    pub(crate) fn forget(&self) -> String {
        format!("DELETE FROM \"k_{}\"", self.name)
    }

    /// How many rows there are, and how many of each class.
    pub(crate) fn count_classes(&self) -> String {
        format!(
            "SELECT 0, count(*) FROM \"in_{0}\" UNION ALL SELECT class, count(*) FROM \"k_{0}\" GROUP BY class",
            self.name
        )
    }

    /// The numbers of the rows that repeat an id with other content.
    pub(crate) fn repeated(&self) -> String {
        format!("SELECT n FROM \"k_{}\" WHERE class = {REPEATED} ORDER BY n LIMIT ?", self.name)
    }

    /// Counts new rows that say the same as a row that is here under another id. The rows here
    /// are looked up by their whole content, so this is asked only where there are some.
    pub(crate) fn twins(&self) -> [String; 4] {
        let content = |alias: &str| {
            let values: Vec<String> =
                self.columns[1..].iter().map(|c| format!("hex({alias}.\"{}\")", c.name)).collect();
            format!("({})", values.join(" || '-' || "))
        };
        [
            format!(
                "CREATE TEMP TABLE \"t_{0}\" AS SELECT {1} AS content FROM main.\"{0}\" AS m",
                self.name,
                content("m")
            ),
            format!("CREATE INDEX temp.\"t_{0}_content\" ON \"t_{0}\" (content)", self.name),
            format!(
                "SELECT count(*) FROM \"in_{0}\" AS s WHERE s.n NOT IN (SELECT n FROM \"k_{0}\") \
                 AND EXISTS (SELECT 1 FROM \"t_{0}\" AS t WHERE t.content = {1})",
                self.name,
                content("s")
            ),
            format!("DROP TABLE temp.\"t_{}\"", self.name),
        ]
    }

    /// Whether a reference of row `s` finds its row, here or in the source.
    fn finds(column: &StageColumn, target: TableName) -> String {
        format!(
            "(EXISTS (SELECT 1 FROM main.\"{target}\" AS h WHERE h.id = s.\"{0}\") \
             OR EXISTS (SELECT 1 FROM \"in_{target}\" AS h WHERE h.id = s.\"{0}\"))",
            column.name
        )
    }

    /// Counts rows that are new or conflicting and have a reference that finds nothing; none for
    /// a table without references.
    pub(crate) fn count_dangling(&self) -> Option<String> {
        let dangles = self.columns.iter().filter_map(|column| {
            let found = Self::finds(column, column.target?);
            Some(format!("(s.\"{}\" IS NOT NULL AND NOT {found})", column.name))
        });
        let dangles: Vec<String> = dangles.collect();
        (!dangles.is_empty()).then(|| {
            format!(
                "SELECT count(*) FROM \"in_{0}\" AS s LEFT JOIN \"k_{0}\" AS k ON k.n = s.n \
                 WHERE (k.class IS NULL OR k.class = {CONFLICTING}) AND ({1})",
                self.name,
                dangles.join(" OR ")
            )
        })
    }

    /// The values to take, with or without references that find nothing.
    fn taken(&self, clear: bool) -> Vec<String> {
        let value = |column: &StageColumn| match column.target {
            Some(target) if clear => {
                format!("CASE WHEN {} THEN s.\"{}\" END", Self::finds(column, target), column.name)
            }
            _ => format!("s.\"{}\"", column.name),
        };
        self.columns.iter().map(value).collect()
    }

    /// Adds the new rows.
    pub(crate) fn add(&self, clear: bool) -> String {
        format!(
            "INSERT INTO main.\"{name}\" ({}) SELECT {} FROM \"in_{name}\" AS s \
             WHERE NOT EXISTS (SELECT 1 FROM \"k_{name}\" AS k WHERE k.n = s.n) ORDER BY s.n",
            self.names(""),
            self.taken(clear).join(", "),
            name = self.name,
        )
    }

    /// Gives the conflicting rows that are here the source's content.
    pub(crate) fn replace(&self, clear: bool) -> String {
        let sets = self.columns.iter().zip(self.taken(clear)).skip(1);
        let sets: Vec<String> =
            sets.map(|(column, value)| format!("\"{}\" = {value}", column.name)).collect();
        format!(
            "UPDATE main.\"{name}\" AS m SET {} FROM \"in_{name}\" AS s JOIN \"k_{name}\" AS k ON k.n = s.n \
             WHERE k.class = {CONFLICTING} AND m.id = s.id",
            sets.join(", "),
            name = self.name,
        )
    }

    /// Takes over the source's times for the rows taken.
    pub(crate) fn take_times(&self, replaced: bool) -> String {
        let class = if replaced { format!(" OR k.class = {CONFLICTING}") } else { String::new() };
        format!(
            "INSERT INTO main.studio_times SELECT t.table_name, t.row_id, t.created_at, t.changed_at FROM in_studio_times AS t \
             WHERE t.table_name = '{name}' AND t.row_id IN (SELECT s.id FROM \"in_{name}\" AS s \
             LEFT JOIN \"k_{name}\" AS k ON k.n = s.n WHERE k.class IS NULL{class}) \
             ON CONFLICT DO UPDATE SET created_at = excluded.created_at, changed_at = excluded.changed_at",
            name = self.name,
        )
    }

    /// A page of conflicting rows: their number, the row here and the source's, as JSON.
    pub(crate) fn conflicts(&self, table: &Table) -> String {
        format!(
            "SELECT {}, {} FROM \"k_{name}\" AS k JOIN \"in_{name}\" AS s ON s.n = k.n JOIN main.\"{name}\" AS m ON m.id = s.id \
             WHERE k.class = {CONFLICTING} ORDER BY k.n LIMIT ? OFFSET ?",
            row_json(table, "m"),
            row_json(table, "s"),
            name = self.name,
        )
    }

    /// All rows in an order that does not depend on history: one text column, JSON objects. Of
    /// the times, those of rows of the chosen tables.
    pub(crate) fn export(&self, chosen: &[TableName]) -> String {
        if let Some(table) = self.table {
            return all_rows(table);
        }
        let chosen: Vec<String> = chosen.iter().map(|table| format!("'{table}'")).collect();
        format!(
            "SELECT json_object('table_name', table_name, 'row_id', row_id, 'created_at', created_at, \
             'changed_at', changed_at) FROM studio_times WHERE table_name IN ({}) ORDER BY table_name, row_id",
            chosen.join(", ")
        )
    }

    /// All rows of a source that is a database.
    pub(crate) fn read(&self) -> String {
        format!("SELECT * FROM \"{}\"", self.name)
    }

    /// Removes all rows of a resource, with their times.
    pub(crate) fn empty(&self) -> [String; 2] {
        [self.clear(), format!("DELETE FROM main.studio_times WHERE table_name = '{}'", self.name)]
    }

    /// Removes all rows.
    fn clear(&self) -> String {
        format!("DELETE FROM main.\"{}\"", self.name)
    }
}

/// Every table a snapshot may hold, in the order it holds them: the seven, then what a person
/// would miss of the studio's own.
pub(crate) fn stages() -> Vec<Stage> {
    let resource = |table: &&'static Table| Stage {
        name: table.name.into_str(),
        table: Some(*table),
        columns: table
            .columns
            .iter()
            .map(|column| StageColumn {
                name: column.name,
                affinity: column.affinity(),
                target: match column.kind {
                    Kind::Reference { table } => Some(table),
                    _ => None,
                },
            })
            .collect(),
    };
    let text = |name| StageColumn { name, affinity: Affinity::Text, target: None };
    let times = Stage {
        name: "studio_times",
        table: None,
        columns: ["row_id", "table_name", "created_at", "changed_at"].map(text).into(),
    };
    TABLES.iter().map(resource).chain([times]).collect()
}

/// Puts the rows of an attached database, `restored`, in place of those here.
pub(crate) fn restore() -> Vec<String> {
    let both = |stage: &Stage| {
        let names = stage.names("");
        [
            stage.clear(),
            format!("INSERT INTO main.\"{0}\" ({names}) SELECT {names} FROM restored.\"{0}\"", stage.name),
        ]
    };
    stages().iter().flat_map(both).collect()
}
