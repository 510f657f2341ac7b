//! Changes to a database of the reference studio before its first migration.

use schema::{Affinity, Column, Kind, Table};

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
