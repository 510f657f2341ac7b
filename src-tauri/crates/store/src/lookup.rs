//! Lookups in the store and in files for the rules of resources.

use std::path::Path;

use datasets::{DatasetFile, ReadOptions, Reading, Scanner};
use resources::{DatasetType, Described as _};
use schema::{Boxed, Error, FileScan, Row, RowLookup, TableName};
use sqlx::SqliteConnection;

use crate::{
    rows::{rows_named, rows_where},
    runs::ended_without_adapter,
};

/// Rows in the writing transaction.
pub(super) struct TransactionRows<'a>(pub(super) &'a mut SqliteConnection);

impl RowLookup for TransactionRows<'_> {
    fn rows_where<'a>(
        &'a mut self,
        table: TableName,
        column: &'static str,
        text: &'a str,
    ) -> Boxed<'a, Vec<Row>> {
        Box::pin(rows_where(self.0, table.table(), column, text))
    }

    fn rows_named<'a>(
        &'a mut self,
        table: TableName,
        column: &'static str,
        text: &'a str,
    ) -> Boxed<'a, Vec<Row>> {
        Box::pin(rows_named(self.0, table.table(), column, text))
    }

    fn ended_without_adapter<'a>(&'a mut self, job: &'a str) -> Boxed<'a, bool> {
        Box::pin(ended_without_adapter(self.0, job))
    }
}

/// The file of a draft, and its reading.
pub(super) struct RowFile<'a> {
    scanner: &'a Scanner,
    /// How the file is read.
    options: &'a ReadOptions,
    pub(super) reading: Option<Reading>,
}

impl<'a> RowFile<'a> {
    pub(super) fn new(scanner: &'a Scanner, options: &'a ReadOptions) -> Self {
        Self { scanner, options, reading: None }
    }
}

impl FileScan for RowFile<'_> {
    fn columns<'a>(&'a mut self, location: &'a Path, format: &'a str) -> Boxed<'a, Vec<String>> {
        Box::pin(async move {
            let kind: DatasetType =
                format.parse().map_err(|error: String| Error::internal("reading a dataset", &error))?;
            let (scan, reading) =
                self.scanner.scan(DatasetFile::new(location, self.options.clone()), Some(kind)).await?;
            let scan = scan.without_errors()?;
            self.reading = Some(reading);
            Ok(scan.columns.into_iter().map(|column| column.name).collect())
        })
    }
}
