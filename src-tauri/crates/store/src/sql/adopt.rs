//! Changes to a database of the reference studio before its first migration.

use schema::{Affinity, Column, Kind, Table};

use crate::metadata::MetadataTable;

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

impl MetadataTable {
    /// Renames a table that a snapshot of this program brought, so that the migrations can create theirs.
    pub(crate) fn set_aside(&self) -> String {
        format!("ALTER TABLE \"{0}\" RENAME TO \"set_aside_{0}\"", self.name)
    }

    /// Moves the rows of the renamed table to the new one.
    pub(crate) fn take_back(&self) -> [String; 2] {
        let columns = self.columns().collect::<Vec<_>>().join(", ");
        [
            format!(
                "INSERT OR IGNORE INTO \"{0}\" ({columns}) SELECT {columns} FROM \"set_aside_{0}\"",
                self.name
            ),
            format!("DROP TABLE \"set_aside_{0}\"", self.name),
        ]
    }
}
