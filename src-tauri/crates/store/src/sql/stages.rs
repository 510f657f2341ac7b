//! Snapshots: rows of a source are staged in temporary tables of one connection, `in_…` with the
//! rows and `k_…` with what was found about them, and compared and taken from there.

use resources::TABLES;
use schema::{Affinity, Kind, Table, TableName};

use super::{BESIDE, Beside, row_json};

/// A table as a snapshot holds it.
#[derive(Debug)]
pub struct Stage {
    /// Its name in a snapshot and in the database.
    pub name: &'static str,
    /// Its columns, the key first.
    pub columns: Vec<StageColumn>,
    /// What it holds.
    pub of: Staged,
}

/// What a table of a snapshot holds.
#[derive(Debug, Clone, Copy)]
pub enum Staged {
    /// Rows of a resource.
    Resource(&'static Table),
    /// What hangs on them.
    Beside(&'static Beside),
}

/// A column as a snapshot holds it.
#[derive(Debug)]
pub struct StageColumn {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub affinity: Affinity,
    /// The table it refers to.
    pub target: Option<TableName>,
}

/// A row is the same as one that is here, or as an earlier one of the source.
pub const SAME: i64 = 1;
/// A row has the id of one that is here, and says something else.
pub const CONFLICTING: i64 = 2;
/// A row has the id of an earlier row of the source, and says something else.
pub const REPEATED: i64 = 3;

impl Stage {
    /// The resource whose rows it holds.
    pub fn table(&self) -> Option<&'static Table> {
        match self.of {
            Staged::Resource(table) => Some(table),
            Staged::Beside(_) => None,
        }
    }

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
    pub fn create(&self) -> [String; 2] {
        [
            format!("CREATE TEMP TABLE \"in_{}\" (n INTEGER PRIMARY KEY, {})", self.name, self.names("")),
            format!("CREATE TEMP TABLE \"k_{}\" (n INTEGER PRIMARY KEY, class INTEGER)", self.name),
        ]
    }

    /// Takes in rows: for each its number, then its columns.
    pub fn take_in(&self, rows: usize) -> String {
        let row = format!("(?{})", ", ?".repeat(self.columns.len()));
        format!("INSERT INTO \"in_{}\" VALUES {}", self.name, vec![row; rows].join(", "))
    }

    /// Speeds up looking for rows by id, once all are in.
    pub fn index(&self) -> String {
        format!("CREATE INDEX temp.\"in_{0}_id\" ON \"in_{0}\" ({1})", self.name, self.columns[0].name)
    }

    /// How many rows repeat an id of the source.
    pub fn count_repeats(&self) -> String {
        format!("SELECT count(*) - count(DISTINCT id) FROM \"in_{}\"", self.name)
    }

    /// Classes the rows that repeat an id.
    pub fn class_repeats(&self) -> String {
        format!(
            "INSERT INTO \"k_{name}\" SELECT s.n, CASE WHEN {} THEN {SAME} ELSE {REPEATED} END FROM \"in_{name}\" AS s \
             JOIN \"in_{name}\" AS f ON f.n = (SELECT min(n) FROM \"in_{name}\" WHERE id = s.id) WHERE f.n < s.n",
            self.equal("s", "f"),
            name = self.name,
        )
    }

    /// Classes the rows whose id is here. What is in neither class is new.
    pub fn class_known(&self) -> String {
        format!(
            "INSERT OR IGNORE INTO \"k_{name}\" SELECT s.n, CASE WHEN {} THEN {SAME} ELSE {CONFLICTING} END \
             FROM \"in_{name}\" AS s JOIN main.\"{name}\" AS m ON m.id = s.id",
            self.equal("s", "m"),
            name = self.name,
        )
    }

    /// Forgets the classes.
    pub fn forget(&self) -> String {
        format!("DELETE FROM \"k_{}\"", self.name)
    }

    /// How many rows there are, and how many of each class.
    pub fn count_classes(&self) -> String {
        format!(
            "SELECT 0, count(*) FROM \"in_{0}\" UNION ALL SELECT class, count(*) FROM \"k_{0}\" GROUP BY class",
            self.name
        )
    }

    /// The numbers of the rows that repeat an id with other content.
    pub fn repeated(&self) -> String {
        format!("SELECT n FROM \"k_{}\" WHERE class = {REPEATED} ORDER BY n LIMIT ?", self.name)
    }

    /// Counts new rows that say the same as a row that is here under another id. The rows here
    /// are looked up by their whole content, so this is asked only where there are some.
    pub fn twins(&self) -> [String; 4] {
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
    pub fn count_dangling(&self) -> Option<String> {
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
    pub fn add(&self, clear: bool) -> String {
        format!(
            "INSERT INTO main.\"{name}\" ({}) SELECT {} FROM \"in_{name}\" AS s \
             WHERE NOT EXISTS (SELECT 1 FROM \"k_{name}\" AS k WHERE k.n = s.n) ORDER BY s.n",
            self.names(""),
            self.taken(clear).join(", "),
            name = self.name,
        )
    }

    /// Gives the conflicting rows that are here the source's content.
    pub fn replace(&self, clear: bool) -> String {
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

    /// A page of conflicting rows: their number, the row here and the source's, as JSON.
    pub fn conflicts(&self, table: &Table) -> String {
        format!(
            "SELECT {}, {} FROM \"k_{name}\" AS k JOIN \"in_{name}\" AS s ON s.n = k.n JOIN main.\"{name}\" AS m ON m.id = s.id \
             WHERE k.class = {CONFLICTING} ORDER BY k.n LIMIT ? OFFSET ?",
            row_json(table, "m"),
            row_json(table, "s"),
            name = self.name,
        )
    }

    /// All rows of a source that is a database.
    pub fn read(&self) -> String {
        format!("SELECT * FROM \"{}\"", self.name)
    }

    /// Removes all rows.
    fn clear(&self) -> String {
        format!("DELETE FROM main.\"{}\"", self.name)
    }
}

/// Every table a snapshot may hold, in the order it holds them: the seven, then what a person
/// would miss of the studio's own.
pub fn stages() -> Vec<Stage> {
    let resource = |table: &&'static Table| Stage {
        name: table.name.into_str(),
        of: Staged::Resource(table),
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
    let beside = |beside: &'static Beside| Stage {
        name: beside.name,
        of: Staged::Beside(beside),
        columns: beside.columns().map(text).collect(),
    };
    TABLES.iter().map(resource).chain(BESIDE.iter().map(beside)).collect()
}

/// Puts the rows of an attached database, `restored`, in place of those here.
pub fn restore() -> Vec<String> {
    let both = |stage: &Stage| {
        let names = stage.names("");
        [
            stage.clear(),
            format!("INSERT INTO main.\"{0}\" ({names}) SELECT {names} FROM restored.\"{0}\"", stage.name),
        ]
    };
    // Whoever follows the database by its notes begins anew, which is less than to follow all of it.
    let notes = "DELETE FROM main.studio_search_notes".to_owned();
    stages().iter().flat_map(both).chain([notes]).collect()
}

/// Removes all rows of a resource, with what hangs on them.
pub fn empty(table: &Table) -> Vec<String> {
    let rows = format!("DELETE FROM main.\"{}\"", table.name);
    std::iter::once(rows).chain(BESIDE.iter().map(|beside| beside.empty(table.name))).collect()
}
