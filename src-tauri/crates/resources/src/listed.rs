//! Rows as lists and detail pages show them.

use schema::{Row, TableName};
use serde::Serialize;
use serde_json::Value;

use crate::TrainingChoices;

/// A reference that is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Link {
    /// The column that refers.
    pub column: String,
    /// The table referred to.
    pub table: TableName,
    /// The id referred to.
    pub id: String,
    /// The label of the row referred to; `None` if it does not exist.
    pub label: Option<String>,
}

/// A row with its label, times, references, marks, tags and choices.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Listed {
    /// Every column with its value or null.
    pub row: Row,
    /// Its name for users, by the rule of [`schema::Table::label_with`].
    pub label: String,
    /// When it was created, in UTC; `None` for rows of other programs.
    pub created_at: Option<String>,
    /// When this program last changed it, in UTC.
    pub changed_at: Option<String>,
    /// Its references that are set.
    pub links: Vec<Link>,
    /// The problems with its values.
    pub marks: Vec<Mark>,
    /// Its tags, by name.
    pub tags: Vec<String>,
    /// What was chosen for a training beyond the columns of its job; `None` if nothing was, and for other
    /// rows.
    pub choices: Option<TrainingChoices>,
}

impl Listed {
    /// Its id; empty if it has none, as a row of another program may.
    pub fn id(&self) -> &str {
        self.row.get("id").and_then(Value::as_str).unwrap_or_default()
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Page {
    /// The number of all matching rows.
    pub total: u64,
    /// The rows of this page.
    pub rows: Vec<Listed>,
}

/// A problem with a stored value, which is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Mark {
    /// The column.
    pub column: String,
    /// The problem in a sentence.
    pub message: String,
}
