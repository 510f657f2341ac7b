//! What is particular to one resource: what it derives, and what it refuses.

use std::{future::Future, path::Path, pin::Pin};

use crate::{FieldProblem, Id, MappedDict, Resource, Result, Row, Stored, Table, lenient};

/// A future of any kind.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Rows that a rule may look up, within the transaction that writes its own row.
pub trait RowLookup: Send {
    /// The rows of a table whose `column` holds exactly this text, the oldest first.
    fn rows_where<'a>(
        &'a mut self,
        table: &'static Table,
        column: &'static str,
        text: &'a str,
    ) -> Boxed<'a, Vec<Row>>;

    /// The rows of a table whose `column`, without white space around it, is this text, the oldest
    /// first.
    fn rows_named<'a>(
        &'a mut self,
        table: &'static Table,
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

/// A resource's own rules, on top of those its columns declare.
pub trait Rules: Resource {
    /// Fills what can be derived from files or from other columns, before any transaction, so it
    /// may take its time. `before` is the row that is about to change, if it exists.
    fn derive(
        &mut self,
        _before: Option<&Self>,
        _files: &mut dyn FileScan,
    ) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Compares the row with others, inside the writing transaction. Problems are collected, so
    /// that all of them are reported at once; an `Err` is a failure to look.
    fn check(&self, _check: &mut Check<'_>) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// The id of the row that already says what this new one says, if the resource recognizes
    /// equals.
    fn twin(&self, _rows: &mut dyn RowLookup) -> impl Future<Output = Result<Option<String>>> + Send {
        std::future::ready(Ok(None))
    }

    /// Whether a stored row keeps its unique values for itself.
    fn keeps_unique_values(&self, _rows: &mut dyn RowLookup) -> impl Future<Output = Result<bool>> + Send {
        std::future::ready(Ok(true))
    }
}

/// What a rule sees while it checks.
pub struct Check<'a> {
    /// Lookups within the writing transaction.
    pub rows: &'a mut dyn RowLookup,
    /// The columns whose values are new; the others keep the values they were stored with.
    pub changed: Vec<&'static str>,
    /// What is wrong so far.
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

    /// The row a reference points to, if it exists.
    pub async fn referred<R: Resource>(&mut self, id: Option<&Id<R>>) -> Result<Option<Stored<R>>> {
        let Some(id) = id else { return Ok(None) };
        let rows = self.rows.rows_where(R::TABLE, "id", id.as_str()).await?;
        Ok(rows.into_iter().next().map(Stored::from_row))
    }
}

type Derive = for<'a> fn(&'a mut Row, Option<&'a Row>, &'a mut dyn FileScan) -> Boxed<'a, ()>;

/// [`Rules`] over rows instead of types, so that one generic path serves every table.
#[derive(Clone, Copy)]
pub struct ErasedRules {
    /// [`Rules::derive`].
    pub derive: Derive,
    /// [`Rules::check`].
    pub check: for<'a, 'b> fn(&'a Row, &'a mut Check<'b>) -> Boxed<'a, ()>,
    /// [`Rules::twin`].
    pub twin: for<'a> fn(&'a Row, &'a mut dyn RowLookup) -> Boxed<'a, Option<String>>,
    /// [`Rules::keeps_unique_values`].
    pub keeps_unique_values: for<'a> fn(&'a Row, &'a mut dyn RowLookup) -> Boxed<'a, bool>,
}

impl ErasedRules {
    /// The rules of `R`.
    pub const fn new<R: Rules>() -> Self {
        Self {
            derive: |row, before, files| Box::pin(derive::<R>(row, before, files)),
            check: |row, check| Box::pin(async move { lenient::<R>(row).check(check).await }),
            twin: |row, rows| Box::pin(async move { lenient::<R>(row).twin(rows).await }),
            keeps_unique_values: |row, rows| {
                Box::pin(async move { lenient::<R>(row).keeps_unique_values(rows).await })
            },
        }
    }
}

/// Derives on the typed view and carries over only what changed in it, so that values the types
/// can't hold stay as they were stored.
async fn derive<R: Rules>(row: &mut Row, before: Option<&Row>, files: &mut dyn FileScan) -> Result<()> {
    let mut typed = lenient::<R>(row);
    let seen = typed.to_dict();
    typed.derive(before.map(lenient::<R>).as_ref(), files).await?;
    let derived = typed.to_dict();
    for column in R::TABLE.columns {
        if seen.get(column.name) != derived.get(column.name) {
            let value = derived.get(column.name).cloned().unwrap_or_default();
            row.insert(column.name.to_owned(), value);
        }
    }
    Ok(())
}
