//! References between tables.

use schema::{Column, Kind, Table, TableName};

use crate::TABLES;

/// Every column that refers to the table.
pub fn referring_columns(target: TableName) -> impl Iterator<Item = (&'static Table, &'static Column)> {
    let refers = move |column: &Column| matches!(column.kind, Kind::Reference { table } if table == target);
    TABLES.iter().flat_map(move |table| {
        table.columns.iter().filter(move |column| refers(column)).map(move |column| (*table, column))
    })
}
