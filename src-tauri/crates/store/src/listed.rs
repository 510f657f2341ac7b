//! Rows as lists and pages show them.

use schema::{Row, TableName};
use serde::Serialize;

/// What a reference points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Link {
    /// The column that refers.
    pub column: String,
    /// The table referred to.
    pub table: TableName,
    /// The id referred to.
    pub id: String,
    /// What the row referred to is called; none if it isn't there.
    pub label: Option<String>,
}

/// A row with what a person wants to see beside it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Listed {
    /// The row: every column, null included.
    pub row: Row,
    /// What a person calls it.
    pub label: String,
    /// When it was made here, in UTC; unknown for rows made elsewhere.
    pub created_at: Option<String>,
    /// When it was last changed here, in UTC.
    pub changed_at: Option<String>,
    /// Its references that are set.
    pub links: Vec<Link>,
    /// Its values that are odd.
    pub marks: Vec<Mark>,
    /// Its tags, by name.
    pub tags: Vec<String>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Page {
    /// How many rows match in all.
    pub total: u64,
    /// The rows of this page.
    pub rows: Vec<Listed>,
}

/// A value from elsewhere that is kept although the studio doesn't know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Mark {
    /// The column.
    pub column: String,
    /// What is odd about the value.
    pub message: String,
}
