//! One search over all tables.

use resources::TABLES;
use schema::{Result, TableName};
use serde::Serialize;

use crate::{Listed, Store};

/// The first rows of one table that match a search.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Matches {
    /// The table.
    pub table: TableName,
    /// The rows.
    pub rows: Vec<Listed>,
}

impl Store {
    /// The first rows of every table that match, at most `limit` of each. Tables without matches are
    /// left out.
    pub async fn search_everywhere(&self, search: &str, limit: u32) -> Result<Vec<Matches>> {
        let mut all = Vec::new();
        for table in TABLES {
            all.push(Matches { table: table.name, rows: self.first_found(table, search, limit).await? });
        }
        all.retain(|matches| !matches.rows.is_empty());
        Ok(all)
    }
}
