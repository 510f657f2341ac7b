//! The rules of a table as functions over rows, so that one generic path serves every table.

use std::{future::Future, path::Path, pin::Pin};

use crate::{FieldProblem, Result, Row, TableName};

/// A boxed future that may fail.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Rows that a rule may look up, within the transaction that writes its own row.
pub trait RowLookup: Send {
    /// The rows of a table whose `column` holds exactly this text, the oldest first.
    fn rows_where<'a>(
        &'a mut self,
        table: TableName,
        column: &'static str,
        text: &'a str,
    ) -> Boxed<'a, Vec<Row>>;

    /// The rows of a table whose `column`, without white space around it, is this text, the oldest
    /// first.
    fn rows_named<'a>(
        &'a mut self,
        table: TableName,
        column: &'static str,
        text: &'a str,
    ) -> Boxed<'a, Vec<Row>>;

    /// Whether the last run of this fine-tuning job ended without an adapter.
    fn ended_without_adapter<'a>(&'a mut self, job: &'a str) -> Boxed<'a, bool>;
}

/// Dataset files that a rule may read, before any transaction.
pub trait FileScan: Send {
    /// The names of a dataset file's columns, from a pass over the whole file. `format` is a value
    /// of `datasets.type`. A file with rows that can't be read is an error.
    fn columns<'a>(&'a mut self, location: &'a Path, format: &'a str) -> Boxed<'a, Vec<String>>;
}

/// What a rule sees while it checks a row.
pub struct Check<'a> {
    /// Lookups within the writing transaction.
    pub rows: &'a mut dyn RowLookup,
    /// The columns whose values are new; the others keep their stored values.
    pub changed: Vec<&'static str>,
    /// The problems found so far.
    pub problems: Vec<FieldProblem>,
}

impl Check<'_> {
    /// Adds a problem with the value of a column.
    pub fn refuse(&mut self, column: &str, message: impl Into<String>) {
        let message = message.into();
        self.problems.push(FieldProblem { column: column.to_owned(), message });
    }

    /// Whether any of these columns has a new value.
    pub fn touches(&self, columns: &[&str]) -> bool {
        self.changed.iter().any(|changed| columns.contains(changed))
    }
}

/// The arguments are the row, the stored row before the change, and the files.
type Derive = for<'a> fn(&'a mut Row, Option<&'a Row>, &'a mut dyn FileScan) -> Boxed<'a, ()>;

/// The rules of a table. Each function has the meaning of the function of the same name in the
/// trait `Rules`.
#[derive(Clone, Copy)]
pub struct ErasedRules {
    /// Fills what can be derived.
    pub derive: Derive,
    /// Compares the row with others.
    pub check: for<'a, 'b> fn(&'a Row, &'a mut Check<'b>) -> Boxed<'a, ()>,
    /// The id of a row that is equal to this new one.
    pub twin: for<'a> fn(&'a Row, &'a mut dyn RowLookup) -> Boxed<'a, Option<String>>,
    /// Whether a stored row reserves its unique values.
    pub keeps_unique_values: for<'a> fn(&'a Row, &'a mut dyn RowLookup) -> Boxed<'a, bool>,
}
