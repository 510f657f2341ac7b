//! What an export contains.

use schema::{TableName, TextEnum as _};

use crate::reach::Rows;

/// The rows of an export. Each is exported with its metadata.
#[derive(Debug)]
pub enum Extent {
    /// All rows of some tables.
    Tables(Vec<TableName>),
    /// Some rows.
    Rows(Rows),
}

impl Extent {
    /// Whether it is everything, so that what belongs to no table belongs to it.
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Tables(tables) if TableName::ALL.iter().all(|table| tables.contains(table)))
    }

    /// Whether the table belongs to it.
    pub fn has(&self, table: TableName) -> bool {
        match self {
            Self::Tables(tables) => tables.contains(&table),
            Self::Rows(rows) => rows.contains_key(&table),
        }
    }
}
