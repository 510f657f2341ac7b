//! Checks of a whole database: the file, the references, and the values.

use std::collections::HashSet;

use datasets::{DatasetFile, Stamp};
use platform::PathKinds;
use resources::{
    Dataset, Described as _, Finding, FindingSeverity, Mark, Remedy, TABLES, mark, references,
    unparsed_and_missing,
};
use schema::{Result, Table, TableName, column, with_article};
use serde_json::Value;
use sqlx::Row as _;
use tokio_stream::StreamExt as _;

use crate::{
    Store, dataset_files,
    references::shown_label,
    rows::{Parsed, parsed},
    sql,
};

impl Store {
    /// Checks the database file, the references, the texts that must parse, and the paths in rows.
    pub async fn check(&self) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for row in sqlx::query("PRAGMA integrity_check").fetch_all(self.pool()).await? {
            let message: String = row.try_get(0)?;
            if message != "ok" {
                findings.push(Finding {
                    severity: FindingSeverity::Error,
                    table: None,
                    id: None,
                    column: None,
                    message: format!("The file is damaged: {message}."),
                    remedy: None,
                });
            }
        }
        let mut paths = PathKinds::default();
        for table in TABLES {
            let first = findings.len();
            self.check_references(table, &mut findings).await?;
            self.check_rows(table, first, &mut paths, &mut findings).await?;
        }
        self.check_dataset_files(&mut findings).await?;
        Ok(findings)
    }

    /// Compares size and time of modification only: comparing the contents could take minutes.
    async fn check_dataset_files(&self, findings: &mut Vec<Finding>) -> Result<()> {
        for (id, reading) in dataset_files::all(self.pool()).await? {
            let file = DatasetFile::new(&reading.path, reading.options.clone());
            if Stamp::from_file(&file).is_ok_and(|now| now != reading.stamp) {
                findings.push(Finding {
                    severity: FindingSeverity::Warning,
                    table: Some(TableName::Datasets),
                    id: Some(id),
                    column: Some(column!(Dataset, location).to_owned()),
                    message: format!("The file {} has been written since it was read.", reading.path),
                    remedy: Some(Remedy::Edit),
                });
            }
        }
        Ok(())
    }

    async fn check_references(&self, table: &'static Table, findings: &mut Vec<Finding>) -> Result<()> {
        for (column, target) in references(table) {
            let statement = sql::statement(sql::dangling(table, column, target.table()));
            for row in statement.fetch_all(self.pool()).await? {
                let (label, missing) = (shown_label(&row, 1)?, shown_label(&row, 2)?);
                findings.push(Finding {
                    severity: FindingSeverity::Error,
                    table: Some(table.name),
                    id: row.try_get(0)?,
                    column: Some(column.name.to_owned()),
                    message: format!(
                        "'{label}' refers to {} that does not exist ({missing}).",
                        with_article(target.table().singular)
                    ),
                    // What is chosen beside a row is no column that a change could clear.
                    remedy: table.column(column.name).map(|_| Remedy::ClearReference),
                });
            }
        }
        Ok(())
    }

    /// Reads each row once. References to no row are among the findings from `first` on.
    async fn check_rows(
        &self,
        table: &'static Table,
        first: usize,
        paths: &mut PathKinds,
        findings: &mut Vec<Finding>,
    ) -> Result<()> {
        let dangling: HashSet<(String, String)> = findings[first..]
            .iter()
            .filter_map(|finding| Some((finding.id.clone()?, finding.column.clone()?)))
            .collect();
        let mut rows = sql::statement(sql::labeled_rows(table)).fetch(self.pool());
        while let Some(row) = rows.next().await {
            let row = row?;
            let label = shown_label(&row, 1)?;
            let Parsed { row, lossy } = parsed(&row)?;
            let id = row.get("id").and_then(Value::as_str).map(str::to_owned);
            // A reference to no row is reported once.
            let reported = |column: &str| {
                let refers = row.get(column).is_some_and(Value::is_string);
                refers && id.as_ref().is_some_and(|id| dangling.contains(&(id.clone(), column.to_owned())))
            };
            let marks = table.columns.iter().filter_map(|c| mark(c, row.get(c.name)?, lossy));
            let marks = marks.filter(|mark| dangling.is_empty() || !reported(&mark.column));
            let odd = unparsed_and_missing(table, &row, paths).into_iter().chain(marks);
            findings.extend(odd.map(|Mark { column, message }| Finding {
                severity: FindingSeverity::Warning,
                table: Some(table.name),
                id: id.clone(),
                column: Some(column),
                message: format!("'{label}': {message}"),
                remedy: Some(Remedy::Edit),
            }));
        }
        Ok(())
    }
}
