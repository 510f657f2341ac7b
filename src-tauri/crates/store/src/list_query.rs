//! Which rows a list shows, and in which order.

use schema::{Error, ErrorCode, Result, Table};
use serde::{Deserialize, Serialize};

/// The column to sort by: one of the table's, `created_at` or `changed_at`. References sort by
/// what they point to is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Sort {
    /// The column.
    pub column: String,
    /// Largest first. Rows without a value come last either way.
    pub descending: bool,
}

/// Keeps only rows whose column equals a text, or that have the tag when the column is `tag`, or
/// that other rows refer to when it is `used` (`yes`, `no`), or that have something odd or a place
/// on disk that isn't there when it is `problems` (`yes`, `no`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Filter {
    /// The column.
    pub column: String,
    /// The text.
    pub value: String,
}

/// The filter for rows that have a tag.
pub(crate) const TAG: &str = "tag";
/// The filter for rows that others refer to, or not.
pub(crate) const USED: &str = "used";
/// The filter for rows that something is odd about, or not.
pub(crate) const PROBLEMS: &str = "problems";

/// Which rows, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ListQuery {
    /// Words that must all occur in a row, in any column or tag, each as the beginning of a word,
    /// in any case and with or without accents.
    pub search: Option<String>,
    /// The order; by time of insertion if not given.
    pub sort: Option<Sort>,
    /// Conditions that must all hold.
    pub filters: Vec<Filter>,
    /// How many rows to pass over.
    pub offset: u32,
    /// How many rows to return at most.
    pub limit: u32,
}

impl ListQuery {
    pub(crate) fn check(&self, table: &Table) -> Result<()> {
        let sorted = self.sort.iter().map(|sort| &sort.column);
        let filtered = self.filters.iter().map(|filter| &filter.column);
        let filtered = filtered.filter(|column| ![TAG, USED, PROBLEMS].contains(&column.as_str()));
        let times = ["created_at", "changed_at"];
        let unknown = sorted
            .filter(|column| !times.contains(&column.as_str()))
            .chain(filtered)
            .find(|column| table.column(column).is_none());
        unknown.map_or(Ok(()), |column| {
            Err(Error::new(ErrorCode::Invalid, format!("{} have no column '{column}'.", table.plural)))
        })
    }
}
