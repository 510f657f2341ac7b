//! Which rows a list shows, and in which order.

use schema::{Error, ErrorCode, Result, Table};
use serde::{Deserialize, Serialize};

/// The column to sort by: one of the table's, `created_at` or `changed_at`. References sort by the
/// label of the row that they refer to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Sort {
    /// The column.
    pub column: String,
    /// The largest value first. Rows without a value are last in either order.
    pub descending: bool,
}

/// Matches rows whose column equals a text. Three names are no columns: `tag` matches rows with that tag,
/// `used` rows that others refer to (`yes`, `no`), and `problems` rows with a mark or a path that does not
/// exist (`yes`, `no`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Filter {
    /// The column.
    pub column: String,
    /// The text.
    pub value: String,
}

/// The filter by tag.
pub const TAG: &str = "tag";
/// The filter by whether other rows refer to a row.
pub const USED: &str = "used";
/// The filter by whether a row has problems.
pub const PROBLEMS: &str = "problems";

/// Which rows, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ListQuery {
    /// Words that must all occur in a row, in any column or tag, each as the beginning of a word,
    /// in any case and with or without accents.
    pub search: Option<String>,
    /// The order; by insertion if not given.
    pub sort: Option<Sort>,
    /// Conditions that must all hold.
    pub filters: Vec<Filter>,
    /// The number of rows to skip.
    pub offset: u32,
    /// The largest number of rows to return.
    pub limit: u32,
}

/// Which rows a list shows, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct View {
    /// Words that must all occur in a row.
    pub search: Option<String>,
    /// The order.
    pub sort: Option<Sort>,
    /// Conditions that must all hold.
    pub filters: Vec<Filter>,
}

impl From<View> for ListQuery {
    fn from(View { search, sort, filters }: View) -> Self {
        Self { search, sort, filters, ..Self::default() }
    }
}

impl ListQuery {
    /// Whether the table has the columns that it names.
    ///
    /// # Errors
    /// A column is unknown.
    pub fn check(&self, table: &Table) -> Result<()> {
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
