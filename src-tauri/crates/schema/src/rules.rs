//! The rules of one resource beyond those that its columns declare.

use std::future::Future;

use crate::{
    Check, ErasedRules, FileScan, Id, MappedDict, Resource, Result, Row, RowLookup, Stored, stored::typed,
};

/// A resource's own rules, on top of those its columns declare.
pub trait Rules: Resource {
    /// Fills what can be derived from files or from other columns. It runs before any transaction, so
    /// it may read whole files. `before` is the stored row that is about to change, if there is one.
    fn derive(
        &mut self,
        _before: Option<&Self>,
        _files: &mut dyn FileScan,
    ) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Compares the row with others, inside the writing transaction. Problems are collected, so
    /// that all of them are reported at once; an `Err` means that a lookup failed.
    fn check(&self, _check: &mut Check<'_>) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// The id of a stored row that is equal to this new one, for resources that keep equal rows once.
    fn twin(&self, _rows: &mut dyn RowLookup) -> impl Future<Output = Result<Option<String>>> + Send {
        std::future::ready(Ok(None))
    }

    /// Whether a stored row reserves its unique values, so that no other row may have them.
    fn keeps_unique_values(&self, _rows: &mut dyn RowLookup) -> impl Future<Output = Result<bool>> + Send {
        std::future::ready(Ok(true))
    }
}

impl Check<'_> {
    /// The row a reference points to, if it exists.
    pub async fn referred<R: Resource>(&mut self, id: Option<&Id<R>>) -> Result<Option<Stored<R>>> {
        let Some(id) = id else { return Ok(None) };
        let rows = self.rows.rows_where(R::NAME, "id", id.as_str()).await?;
        Ok(rows.into_iter().next().map(Stored::from_row))
    }
}

impl ErasedRules {
    /// The rules of `R`.
    pub const fn new<R: Rules>() -> Self {
        Self {
            derive: |row, before, files| Box::pin(derive::<R>(row, before, files)),
            check: |row, check| Box::pin(async move { typed::<R>(row).check(check).await }),
            twin: |row, rows| Box::pin(async move { typed::<R>(row).twin(rows).await }),
            keeps_unique_values: |row, rows| {
                Box::pin(async move { typed::<R>(row).keeps_unique_values(rows).await })
            },
        }
    }
}

/// Derives on the typed row and copies only the columns that changed, so that values that the types
/// can't hold stay as they were stored.
async fn derive<R: Rules>(row: &mut Row, before: Option<&Row>, files: &mut dyn FileScan) -> Result<()> {
    let mut derived = typed::<R>(row);
    let before_derive = derived.to_dict();
    derived.derive(before.map(typed::<R>).as_ref(), files).await?;
    let derived = derived.to_dict();
    for column in R::TABLE.columns {
        if before_derive.get(column.name) != derived.get(column.name) {
            let value = derived.get(column.name).cloned().unwrap_or_default();
            row.insert(column.name.to_owned(), value);
        }
    }
    Ok(())
}
