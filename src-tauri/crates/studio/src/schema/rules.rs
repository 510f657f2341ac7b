//! What is particular to one resource: what it derives, and what it refuses.

use std::{future::Future, pin::Pin};

use sqlx::SqliteConnection;

use super::{MappedDict, Resource, Row, Table};
use crate::{
    error::{Error, FieldProblem, Result},
    work::Work,
};

/// A resource's own rules, on top of those its columns declare.
pub trait Rules: Resource {
    /// Fills what can be derived from files or from other columns, before any transaction, so it
    /// may take its time. `before` is the row that is about to change, if it exists; `beside` takes
    /// what comes to light on the way and has no column.
    fn derive(
        &mut self,
        _before: Option<&Self>,
        _beside: &mut Beside,
        _work: &Work,
    ) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Holds the row against others, inside the writing transaction. Problems are collected, so
    /// that a person hears of all of them at once; an `Err` is a failure to look.
    fn check(&self, _check: &mut Check<'_>) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// The row that already says what this new one says, if the resource recognises equals.
    fn twin(&self, _database: &mut SqliteConnection) -> impl Future<Output = Result<Option<String>>> + Send {
        std::future::ready(Ok(None))
    }

    /// Whether a row that is there keeps its unique values for itself.
    fn holds(&self, _database: &mut SqliteConnection) -> impl Future<Output = Result<bool>> + Send {
        std::future::ready(Ok(true))
    }
}

/// What the studio keeps beside a row, in tables of its own: written in the transaction that writes
/// the row, and only if that succeeds.
#[derive(Default)]
pub struct Beside(Vec<Box<Writing>>);

type Writing = dyn for<'a> FnOnce(&'a mut SqliteConnection, &'a str) -> Boxed<'a, ()> + Send + Sync;

impl Beside {
    /// Has this written, given the row's id.
    pub fn write(
        &mut self,
        writing: impl for<'a> FnOnce(&'a mut SqliteConnection, &'a str) -> Boxed<'a, ()> + Send + Sync + 'static,
    ) {
        self.0.push(Box::new(writing));
    }

    pub(crate) async fn written(self, database: &mut SqliteConnection, id: &str) -> Result<()> {
        for writing in self.0 {
            writing(database, id).await?;
        }
        Ok(())
    }
}

/// What a rule sees while it checks.
pub struct Check<'a> {
    /// The writing transaction's connection.
    pub database: &'a mut SqliteConnection,
    /// The columns whose values are new; the others stand as they were found.
    pub changed: Vec<&'static str>,
    /// What is wrong so far.
    pub problems: Vec<FieldProblem>,
}

impl Check<'_> {
    /// Notes that a column's value can't be taken.
    pub fn refuse(&mut self, column: &str, message: impl Into<String>) {
        let message = message.into();
        self.problems.push(FieldProblem { column: column.to_owned(), message });
    }

    /// Whether any of these columns has a new value.
    pub fn touches(&self, columns: &[&str]) -> bool {
        self.changed.iter().any(|changed| columns.contains(changed))
    }

    /// The row a reference points to, if it is there.
    pub async fn referred<R: Resource>(&mut self, id: Option<&super::Id<R>>) -> Result<Option<R>> {
        let Some(id) = id else { return Ok(None) };
        let row = crate::store::find(self.database, R::TABLE, id.as_str()).await?;
        Ok(row.map(|row| lenient::<R>(&row)))
    }
}

/// A future of any kind.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// [`Rules`] over rows instead of types, so that one generic path serves every table.
#[derive(Clone, Copy)]
pub struct ErasedRules {
    pub(crate) derive: for<'a> fn(&'a mut Row, Option<&'a Row>, &'a mut Beside, &'a Work) -> Boxed<'a, ()>,
    pub(crate) check: for<'a, 'b> fn(&'a Row, &'a mut Check<'b>) -> Boxed<'a, ()>,
    pub(crate) twin: for<'a> fn(&'a Row, &'a mut SqliteConnection) -> Boxed<'a, Option<String>>,
    pub(crate) holds: for<'a> fn(&'a Row, &'a mut SqliteConnection) -> Boxed<'a, bool>,
}

impl ErasedRules {
    /// The rules of `R`.
    pub const fn of<R: Rules>() -> Self {
        Self {
            derive: |row, before, beside, work| Box::pin(derive::<R>(row, before, beside, work)),
            check: |row, check| Box::pin(async move { lenient::<R>(row).check(check).await }),
            twin: |row, database| Box::pin(async move { lenient::<R>(row).twin(database).await }),
            holds: |row, database| Box::pin(async move { lenient::<R>(row).holds(database).await }),
        }
    }
}

/// Derives on the typed view and carries over only what changed in it, so that values the types
/// can't hold stay as they were found.
async fn derive<R: Rules>(
    row: &mut Row,
    before: Option<&Row>,
    beside: &mut Beside,
    work: &Work,
) -> Result<()> {
    let mut typed = lenient::<R>(row);
    let seen = typed.to_dict();
    typed.derive(before.map(lenient::<R>).as_ref(), beside, work).await?;
    let derived = typed.to_dict();
    for column in R::TABLE.columns {
        if seen.get(column.name) != derived.get(column.name) {
            let value = derived.get(column.name).cloned().unwrap_or_default();
            row.insert(column.name.to_owned(), value);
        }
    }
    Ok(())
}

/// The typed view of a row from anywhere: a value the column's type can't hold counts as unset.
pub(crate) fn lenient<R: Resource>(row: &Row) -> R {
    R::from_dict(&fitting(R::TABLE, row)).unwrap_or_else(|error: Error| {
        tracing::error!("{:?}: {error}", R::TABLE);
        R::default()
    })
}

fn fitting(table: &Table, row: &Row) -> Row {
    let fits = |name: &String, value: &serde_json::Value| {
        table.column(name).is_some_and(|column| match column.affinity() {
            super::Affinity::Text => value.is_string(),
            super::Affinity::Integer => value.is_i64(),
            super::Affinity::Real => value.is_number(),
        })
    };
    row.iter().filter(|(name, value)| fits(name, value)).map(|(n, v)| (n.clone(), v.clone())).collect()
}
