//! References between tables.

use schema::{Column, Kind, Table, TableName};

use crate::TABLES;

/// The adapter whose training a job continues. It is stored in the job's training choices, and is treated as a
/// reference like those in columns.
static ADAPTER_INIT: Column = Column::new(
    "adapter_init",
    "The adapter whose training goes on.",
    "Continued adapter",
    Kind::Reference { table: TableName::Adapters },
);

/// The references of a table's rows, with the tables that they refer to: its columns, and what is chosen
/// beside them.
pub fn references(table: &'static Table) -> impl Iterator<Item = (&'static Column, TableName)> {
    let chosen = (table.name == TableName::FineTuningJobs).then_some(&ADAPTER_INIT);
    table.columns.iter().chain(chosen).filter_map(|column| match column.kind {
        Kind::Reference { table } => Some((column, table)),
        _ => None,
    })
}

/// Every reference to rows of the table: the table that refers, and its column.
pub fn referring_columns(target: TableName) -> impl Iterator<Item = (&'static Table, &'static Column)> {
    TABLES.iter().flat_map(move |table| {
        let to_target = references(table).filter(move |(_, referred)| *referred == target);
        to_target.map(move |(column, _)| (*table, column))
    })
}
