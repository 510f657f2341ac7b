//! Staging: the rows of a snapshot in temporary tables of one connection, from which they are compared
//! with the store and inserted.
//!
//! The table `in_…` holds the rows of a table of the snapshot. For a resource it has the columns and
//! the key of the store's table, so that SQLite can copy whole records into an empty table instead of
//! encoding each row again; the rowid is the row's number in the source. `d_…` holds rows that repeat
//! an id, and `k_…` the class of each row that is not new.

use resources::references;
use schema::{Affinity, Table, TableName};

use super::{label::label, rows::row_json};
use crate::{
    metadata::{METADATA_TABLES, MetadataTable},
    staging::{Content, SnapshotColumn, SnapshotTable},
    targets,
};

/// A row is the same as one of the store, or as an earlier one of the source.
pub(crate) const SAME: i64 = 1;
/// A row has the id of one of the store and other content.
pub(crate) const CONFLICTING: i64 = 2;
/// A row has the id of an earlier row of the source and other content.
pub(crate) const REPEATED: i64 = 3;

impl SnapshotTable {
    fn names(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
        names.join(", ")
    }

    /// Whether two rows have equal values in all columns; null equals null.
    fn equal(&self, a: &str, b: &str) -> String {
        let equal = self.columns.iter().map(|c| format!("{a}.\"{0}\" IS {b}.\"{0}\"", c.name));
        equal.collect::<Vec<_>>().join(" AND ")
    }

    /// Creates the temporary tables.
    pub(crate) fn create(&self) -> Vec<String> {
        let name = self.name;
        let Content::Resource(_) = self.content else {
            return vec![format!(
                "CREATE TEMP TABLE \"in_{name}\" (n INTEGER PRIMARY KEY, {})",
                self.names()
            )];
        };
        let typed = self.columns.iter().map(|column| {
            let r#type = match column.affinity {
                Affinity::Text => "VARCHAR",
                Affinity::Integer => "INTEGER",
                Affinity::Real => "DOUBLE",
            };
            let key = if column.required { " NOT NULL PRIMARY KEY" } else { "" };
            format!("\"{}\" {type}{key}", column.name)
        });
        vec![
            format!("CREATE TEMP TABLE \"in_{name}\" ({})", typed.collect::<Vec<_>>().join(", ")),
            format!("CREATE TEMP TABLE \"d_{name}\" (n INTEGER PRIMARY KEY, {})", self.names()),
            format!("CREATE TEMP TABLE \"k_{name}\" (n INTEGER PRIMARY KEY, class INTEGER)"),
        ]
    }

    /// Inserts rows: for each its number, then its columns. Rows of a resource that repeat an id are
    /// ignored.
    pub(crate) fn insert_rows(&self, rows: usize) -> String {
        let (name, rows) = (self.name, self.places(rows));
        match self.content {
            Content::Metadata(_) | Content::Targets => format!("INSERT INTO \"in_{name}\" VALUES {rows}"),
            Content::Resource(_) => {
                format!("INSERT OR IGNORE INTO \"in_{name}\" (rowid, {}) VALUES {rows}", self.names())
            }
        }
    }

    /// Inserts those of the same rows that were ignored.
    pub(crate) fn insert_repeats(&self, rows: usize) -> String {
        format!(
            "INSERT INTO \"d_{name}\" SELECT * FROM (VALUES {}) WHERE column1 NOT IN (SELECT rowid FROM \"in_{name}\")",
            self.places(rows),
            name = self.name,
        )
    }

    fn places(&self, rows: usize) -> String {
        let row = format!("(?{})", ", ?".repeat(self.columns.len()));
        vec![row; rows].join(", ")
    }

    /// Indexes the rows by id once all are inserted. The table of a resource needs no index: it has a
    /// primary key.
    pub(crate) fn index(&self) -> Option<String> {
        let Content::Metadata(_) = self.content else { return None };
        let key = self.columns[0].name;
        Some(format!("CREATE INDEX temp.\"in_{0}_id\" ON \"in_{0}\" ({key})", self.name))
    }

    /// Classes the rows that repeat an id.
    pub(crate) fn class_repeats(&self) -> String {
        format!(
            "INSERT INTO \"k_{name}\" SELECT s.n, CASE WHEN {} THEN {SAME} ELSE {REPEATED} END \
             FROM \"d_{name}\" AS s JOIN \"in_{name}\" AS f ON f.id = s.id",
            self.equal("s", "f"),
            name = self.name,
        )
    }

    /// Classes the rows whose id is in the store. Rows without a class are new. What completes the rows is
    /// compared where the source has metadata.
    pub(crate) fn class_known(&self, has_metadata: bool) -> String {
        let completed = self.completed_by().filter(|_| has_metadata).map(|(metadata, table)| {
            let [there, here] = metadata.completions(table);
            format!(" AND {there} IS {here}")
        });
        format!(
            "INSERT INTO \"k_{name}\" SELECT s.rowid, CASE WHEN {}{} THEN {SAME} ELSE {CONFLICTING} END \
             FROM \"in_{name}\" AS s JOIN main.\"{name}\" AS m ON m.id = s.id",
            self.equal("s", "m"),
            completed.collect::<String>(),
            name = self.name,
        )
    }

    /// The metadata that completes the rows of this table, with the table's name.
    fn completed_by(&self) -> impl Iterator<Item = (&'static MetadataTable, TableName)> {
        let own = self.resource().map(|table| table.name);
        let completing = move |metadata: &'static MetadataTable| {
            metadata.completes.filter(|table| Some(*table) == own).map(|table| (metadata, table))
        };
        METADATA_TABLES.iter().filter_map(completing)
    }

    /// Removes the classes.
    pub(crate) fn declass(&self) -> String {
        format!("DELETE FROM \"k_{}\"", self.name)
    }

    /// How many rows there are, and how many of each class.
    pub(crate) fn count_classes(&self) -> String {
        format!(
            "SELECT 0, (SELECT count(*) FROM \"in_{0}\") + (SELECT count(*) FROM \"d_{0}\") \
             UNION ALL SELECT class, count(*) FROM \"k_{0}\" GROUP BY class",
            self.name
        )
    }

    /// The numbers of the rows that repeat an id with other content, at most the bound number.
    pub(crate) fn repeated(&self) -> String {
        format!("SELECT n FROM \"k_{}\" WHERE class = {REPEATED} ORDER BY n LIMIT ?", self.name)
    }

    /// Counts new rows with the same content as a row of the store under another id. The store's
    /// rows are looked up by their whole content, so this is asked only where there are some.
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
                "SELECT count(*) FROM \"in_{0}\" AS s WHERE s.rowid NOT IN (SELECT n FROM \"k_{0}\") \
                 AND EXISTS (SELECT 1 FROM \"t_{0}\" AS t WHERE t.content = {1})",
                self.name,
                content("s")
            ),
            format!("DROP TABLE temp.\"t_{}\"", self.name),
        ]
    }

    /// The references of rows `s`: their names, what they refer to, and their values. What is chosen beside a row
    /// is read from what completes it.
    pub(crate) fn references(&self) -> impl Iterator<Item = (&'static str, TableName, String)> {
        let found = self.resource().map(references).into_iter().flatten();
        found.map(|(column, target)| {
            let own = self.columns.iter().any(|own| own.name == column.name);
            let chosen = || {
                let choices = self.completed_by().map(|(metadata, table)| metadata.completions(table));
                choices.map(|[there, _]| json_field(&there, column.name)).next()
            };
            let value = if own { None } else { chosen() };
            (column.name, target, value.unwrap_or_else(|| format!("s.\"{}\"", column.name)))
        })
    }

    /// Whether there is a row with that id in the store or in the source.
    fn finds(value: &str, target: TableName) -> String {
        format!(
            "(EXISTS (SELECT 1 FROM main.\"{target}\" AS h WHERE h.id = {value}) \
             OR EXISTS (SELECT 1 FROM \"in_{target}\" AS h WHERE h.id = {value}))"
        )
    }

    /// Whether a reference has a value but no row.
    pub(super) fn dangles(value: &str, target: TableName) -> String {
        format!("({value} IS NOT NULL AND NOT {})", Self::finds(value, target))
    }

    /// The rows `s` that are new or conflicting.
    fn wanted(&self) -> String {
        format!(
            "FROM \"in_{0}\" AS s LEFT JOIN \"k_{0}\" AS k ON k.n = s.rowid \
             WHERE (k.class IS NULL OR k.class = {CONFLICTING})",
            self.name
        )
    }

    /// Counts rows that are new or conflicting and have references to no row, and those references;
    /// none for a table without references.
    pub(crate) fn count_dangling(&self) -> Option<String> {
        let dangles: Vec<String> =
            self.references().map(|(_, target, value)| Self::dangles(&value, target)).collect();
        (!dangles.is_empty()).then(|| {
            format!(
                "SELECT count(*), coalesce(sum({}), 0) {} AND ({})",
                dangles.join(" + "),
                self.wanted(),
                dangles.join(" OR ")
            )
        })
    }

    /// The rows that are new or conflicting and whose reference is to no row: number, label and what
    /// they refer to, at most the bound number.
    pub(crate) fn dangling(&self, table: &Table, target: TableName, value: &str) -> String {
        format!(
            "SELECT s.rowid, {}, {value} {} AND {} ORDER BY s.rowid LIMIT ?",
            label(table, "s"),
            self.wanted(),
            Self::dangles(value, target)
        )
    }

    /// The values to insert, with or without references to rows that do not exist.
    fn taken(&self, clear: bool) -> Vec<String> {
        let value = |column: &SnapshotColumn| {
            let own = format!("s.\"{}\"", column.name);
            match column.target {
                Some(target) if clear => {
                    format!("CASE WHEN {} THEN {own} END", Self::finds(&own, target))
                }
                _ => own,
            }
        };
        self.columns.iter().map(value).collect()
    }

    /// Inserts the new rows.
    pub(crate) fn add(&self, clear: bool) -> String {
        format!(
            "INSERT INTO main.\"{name}\" ({}) SELECT {} FROM \"in_{name}\" AS s \
             WHERE NOT EXISTS (SELECT 1 FROM \"k_{name}\" AS k WHERE k.n = s.rowid) ORDER BY s.rowid",
            self.names(),
            self.taken(clear).join(", "),
            name = self.name,
        )
    }

    /// Inserts all rows into an empty table whose columns are in the declared order. SQLite copies
    /// records and index entries unchanged if both tables have the same columns and indexes
    /// (<https://sqlite.org/lang_insert.html>, `xferOptimization` in its source).
    pub(crate) fn add_all(&self) -> String {
        format!("INSERT INTO main.\"{0}\" SELECT * FROM temp.\"in_{0}\"", self.name)
    }

    /// The names of the table's columns, in the store's order.
    pub(crate) fn column_order(&self) -> String {
        format!("SELECT name FROM pragma_table_info('{}', 'main') ORDER BY cid", self.name)
    }

    /// The columns of the store's indexes of the table that are neither unique nor partial: index,
    /// column.
    pub(crate) fn indexed_columns(&self) -> String {
        format!(
            "SELECT l.seq, i.name FROM pragma_index_list('{}', 'main') AS l, pragma_index_info(l.name, 'main') AS i \
             WHERE l.origin = 'c' AND l.\"unique\" = 0 AND l.partial = 0 ORDER BY l.seq, i.seqno",
            self.name
        )
    }

    /// Creates an index over the same columns as one of the store's.
    pub(crate) fn index_like(&self, number: usize, columns: &[&str]) -> String {
        format!(
            "CREATE INDEX IF NOT EXISTS temp.\"in_{0}_{number}\" ON \"in_{0}\" (\"{1}\")",
            self.name,
            columns.join("\", \"")
        )
    }

    /// Updates the conflicting rows of the store with the source's values.
    pub(crate) fn replace(&self, clear: bool) -> String {
        let sets = self.columns.iter().zip(self.taken(clear)).skip(1);
        let sets: Vec<String> =
            sets.map(|(column, value)| format!("\"{}\" = {value}", column.name)).collect();
        format!(
            "UPDATE main.\"{name}\" AS m SET {} FROM \"in_{name}\" AS s JOIN \"k_{name}\" AS k ON k.n = s.rowid \
             WHERE k.class = {CONFLICTING} AND m.id = s.id",
            sets.join(", "),
            name = self.name,
        )
    }

    /// A page of conflicting rows: the store's row and the source's, as JSON, and the label in the
    /// store. Each has what completes it where the source has metadata. Binds limit and offset.
    pub(crate) fn conflicts(&self, table: &Table, has_metadata: bool) -> String {
        let (mut here, mut there) = (row_json(table, "m"), row_json(table, "s"));
        for (metadata, table) in self.completed_by().filter(|_| has_metadata) {
            let completions = metadata.completions(table);
            for (row, value) in [&mut there, &mut here].into_iter().zip(completions) {
                *row = format!("json_set({row}, '$.{}', {value})", metadata.values.join(", "));
            }
        }
        format!(
            "SELECT {}, {}, {} FROM \"k_{name}\" AS k JOIN \"in_{name}\" AS s ON s.rowid = k.n \
             JOIN main.\"{name}\" AS m ON m.id = s.id \
             WHERE k.class = {CONFLICTING} ORDER BY k.n LIMIT ? OFFSET ?",
            here,
            there,
            label(table, "m"),
            name = self.name,
        )
    }

    /// Replaces the store's rows by those of the attached database `restored`. A target with a live run stays.
    pub(crate) fn restore(&self) -> [String; 2] {
        if self.is_of_targets() {
            return targets::restore();
        }
        let names = self.names();
        [
            format!("DELETE FROM main.\"{}\"", self.name),
            format!("INSERT INTO main.\"{0}\" ({names}) SELECT {names} FROM restored.\"{0}\"", self.name),
        ]
    }

    /// All rows of a source that is a database and whose table has this number of columns. The columns are
    /// renamed, because sqlx panics at names and types that are not UTF-8; the plus removes their types.
    pub(crate) fn read(&self, columns: usize) -> String {
        let names: Vec<String> = (0..columns).map(|at| format!("c{at}")).collect();
        let values: Vec<String> = names.iter().map(|name| format!("+{name}")).collect();
        format!(
            "WITH r({}) AS (SELECT * FROM \"{}\") SELECT {} FROM r",
            names.join(", "),
            self.name,
            values.join(", ")
        )
    }

    /// The number of rows of the table in a source that is a database.
    pub(crate) fn count_source(&self) -> String {
        format!("SELECT count(*) FROM \"{}\" NOT INDEXED", self.name)
    }
}

/// A field of a JSON object; null where the text is no JSON.
pub(super) fn json_field(object: &str, name: &str) -> String {
    format!("CASE WHEN json_valid({object}) THEN {object} ->> '$.{name}' END")
}

/// Sets a column of the staged row with an id.
pub(crate) fn set_staged(table: TableName, column: &schema::Column) -> String {
    format!("UPDATE temp.\"in_{table}\" SET \"{}\" = ? WHERE id = ?", column.name)
}

/// The ids of the rows that are staged for a table.
pub(crate) fn staged_ids(table: TableName) -> String {
    format!("SELECT id FROM temp.\"in_{table}\"")
}

/// 1 if rows are staged for a table, else 0.
pub(crate) fn has_staged(table: &'static str) -> String {
    format!("SELECT EXISTS (SELECT 1 FROM \"in_{table}\")")
}

/// 1 if the store has rows of the table, else 0.
pub(crate) fn has_rows(table: &SnapshotTable) -> String {
    format!("SELECT EXISTS (SELECT 1 FROM main.\"{}\")", table.name)
}

/// Deletes what the reference studio has no tables for: the metadata of all rows, and the targets.
pub(crate) fn forget_metadata() -> impl Iterator<Item = String> {
    let tables = METADATA_TABLES.iter().map(|metadata| metadata.name).chain([targets::TARGETS]);
    tables.map(|name| format!("DELETE FROM main.{name}"))
}

/// Deletes all rows of a resource with their metadata.
pub(crate) fn empty(table: &Table) -> Vec<String> {
    let rows = format!("DELETE FROM main.\"{}\"", table.name);
    std::iter::once(rows).chain(METADATA_TABLES.iter().map(|metadata| metadata.empty(table.name))).collect()
}
