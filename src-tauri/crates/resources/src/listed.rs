//! Rows as lists and detail pages show them.

use platform::PathKinds;
use schema::{Kind, Row, Table, TableName};
use serde::Serialize;
use serde_json::Value;

use crate::{
    TrainingChoices,
    marks::{Mark, mark, missing_path, path_columns},
};

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
    /// A row with the marks of its own values, when it was created and when it was changed. What other rows say of
    /// it is filled in later: tags, choices and the labels of links. In a `lossy` row, replacement characters stand
    /// for bytes that are not UTF-8.
    pub fn new(table: &Table, row: Row, lossy: bool, times: [Option<String>; 2]) -> Self {
        let [created_at, changed_at] = times;
        let links = table.columns.iter().filter_map(|column| {
            let Kind::Reference { table } = column.kind else { return None };
            let id = row.get(column.name)?.as_str()?.to_owned();
            Some(Link { column: column.name.to_owned(), table, id, label: None })
        });
        let marks = table.columns.iter().filter_map(|column| mark(column, row.get(column.name)?, lossy));
        Self {
            label: table.label_of(&row),
            links: links.collect(),
            marks: marks.collect(),
            tags: Vec::new(),
            choices: None,
            row,
            created_at,
            changed_at,
        }
    }

    /// Labels the row by the rows that it refers to, once its links have labels.
    pub fn label_by_links(&mut self, table: &Table) {
        let referred = |column: &str| {
            let link = self.links.iter().find(|link| link.column == column)?;
            link.label.as_deref()
        };
        self.label = table.label_with(&self.row, referred);
    }

    /// Marks paths that do not exist.
    pub fn mark_missing_paths(&mut self, table: &'static Table, paths: &mut PathKinds) {
        let missing =
            path_columns(table).filter_map(|column| missing_path(column, self.row.get(column.name)?, paths));
        self.marks.extend(missing);
    }

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
