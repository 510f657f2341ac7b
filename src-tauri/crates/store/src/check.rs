//! Is everything as it should be? The file, the references, the texts.

use std::path::Path;

use configs::{ConfigType, parse_config};
use datasets::Stamp;
use resources::{Described as _, TABLES};
use schema::{Kind, Result, Row, Table, TableName};
use serde::Serialize;
use serde_json::Value;
use sqlx::Row as _;

use super::{ListQuery, Store, dataset_files, marks::missing_place, references::shown_label, sql};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum FindingSeverity {
    /// Something is broken.
    Error,
    /// Something is odd, and kept as it is.
    Warning,
}

/// What can be done about a finding, beyond looking at the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Set the column to null.
    ClearReference,
    /// Give the column another value.
    Edit,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Finding {
    /// How bad it is.
    pub severity: FindingSeverity,
    /// The table, if it is about a row.
    pub table: Option<TableName>,
    /// The row, if it is about one.
    pub id: Option<String>,
    /// The column, if it is about one.
    pub column: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What can be done about it, if there is something.
    pub remedy: Option<Remedy>,
}

/// Rows are looked at this many at a time.
const PAGE: u32 = 1_000;

impl Store {
    /// Checks the database file, the references, the texts that must parse, and the places rows
    /// point to.
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
        for table in TABLES {
            self.check_references(table, &mut findings).await?;
            self.check_rows(table, &mut findings).await?;
        }
        self.check_dataset_files(&mut findings).await?;
        Ok(findings)
    }

    /// By size and time only: to compare the contents could take minutes.
    async fn check_dataset_files(&self, findings: &mut Vec<Finding>) -> Result<()> {
        for (id, reading) in dataset_files::all(self.pool()).await? {
            let path = Path::new(&reading.path);
            let changed = Stamp::of_file(path).is_some_and(|now| now != reading.stamp);
            if changed {
                findings.push(Finding {
                    severity: FindingSeverity::Warning,
                    table: Some(TableName::Datasets),
                    id: Some(id),
                    column: Some("location".to_owned()),
                    message: format!("The file {} has been written since it was read.", reading.path),
                    remedy: Some(Remedy::Edit),
                });
            }
        }
        Ok(())
    }

    async fn check_references(&self, table: &'static Table, findings: &mut Vec<Finding>) -> Result<()> {
        for column in table.columns {
            let Kind::Reference { table: target } = column.kind else { continue };
            let statement = sql::statement(sql::dangling(table, column, target.table()));
            for row in statement.fetch_all(self.pool()).await? {
                let (label, missing) = (shown_label(&row, 1)?, shown_label(&row, 2)?);
                findings.push(Finding {
                    severity: FindingSeverity::Error,
                    table: Some(table.name),
                    id: row.try_get(0)?,
                    column: Some(column.name.to_owned()),
                    message: format!(
                        "'{label}' refers to a {} that does not exist ({missing}).",
                        target.table().singular
                    ),
                    remedy: Some(Remedy::ClearReference),
                });
            }
        }
        Ok(())
    }

    async fn check_rows(&self, table: &'static Table, findings: &mut Vec<Finding>) -> Result<()> {
        let mut query = ListQuery { limit: PAGE, ..ListQuery::default() };
        loop {
            let page = self.list(table.name, &query).await?;
            for listed in &page.rows {
                let mut odd = odd_values(table, &listed.row);
                let dangling =
                    |column: &str| listed.links.iter().any(|l| l.column == column && l.label.is_none());
                odd.extend(
                    listed
                        .marks
                        .iter()
                        .filter(|m| !dangling(&m.column))
                        .map(|m| (m.column.clone(), m.message.clone())),
                );
                findings.extend(odd.into_iter().map(|(column, message)| Finding {
                    severity: FindingSeverity::Warning,
                    table: Some(table.name),
                    id: listed.row.get("id").and_then(Value::as_str).map(str::to_owned),
                    column: Some(column),
                    message: format!("'{}': {message}", listed.label),
                    remedy: Some(Remedy::Edit),
                }));
            }
            query.offset += PAGE;
            if page.rows.len() < PAGE as usize {
                return Ok(());
            }
        }
    }
}

fn odd_values(table: &Table, row: &Row) -> Vec<(String, String)> {
    let yaml = row.get("type").and_then(Value::as_str) == Some(ConfigType::Axolotl.into_str());
    let mut odd = Vec::new();
    for column in table.columns {
        let text = row.get(column.name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let Some(text) = text else { continue };
        let message = match column.kind {
            Kind::Code => {
                let kind = if yaml { ConfigType::Axolotl } else { ConfigType::Custom };
                parse_config(Some(kind), text).err().map(|problem| problem.to_string())
            }
            _ => row.get(column.name).and_then(|place| missing_place(column, place)).map(|mark| mark.message),
        };
        odd.extend(message.map(|message| (column.name.to_owned(), message)));
    }
    odd
}
