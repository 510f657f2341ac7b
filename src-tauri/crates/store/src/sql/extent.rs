//! What an export is of.

use schema::TableName;
use serde_json::Value;
use sqlx::{Sqlite, query::Query, sqlite::SqliteArguments};

use super::{Stage, Staged, all_rows, statement};
use crate::Rows;

/// What an export is of. With a row comes what hangs on it.
pub enum Extent<'a> {
    /// All rows of some tables.
    Tables(&'a [TableName]),
    /// Some rows.
    Rows(&'a Rows),
}

impl Extent<'_> {
    /// Whether the table belongs to it.
    pub fn has(&self, table: TableName) -> bool {
        match self {
            Self::Tables(tables) => tables.contains(&table),
            Self::Rows(rows) => rows.contains_key(&table),
        }
    }

    /// What it has of a stage, in an order that does not depend on history: one text column, JSON
    /// objects.
    pub fn read(&self, stage: &Stage) -> Query<'static, Sqlite, SqliteArguments> {
        let (text, chosen) = match (self, stage.of) {
            (Self::Tables(_), Staged::Resource(table)) => (all_rows(table, ""), None),
            (Self::Rows(rows), Staged::Resource(table)) => {
                let ids = Value::from_iter(rows.get(&table.name).into_iter().flatten().map(String::as_str));
                (all_rows(table, "WHERE r.id IN (SELECT value FROM json_each(?))"), Some(ids))
            }
            (Self::Tables(tables), Staged::Beside(beside)) => {
                let tables: Vec<String> = tables.iter().map(|table| format!("'{table}'")).collect();
                (beside.export(&format!("table_name IN ({})", tables.join(", "))), None)
            }
            (Self::Rows(rows), Staged::Beside(beside)) => {
                let chosen = "(table_name, row_id) IN (SELECT t.key, i.value FROM json_each(?) AS t, \
                              json_each(t.value) AS i)";
                let ids = rows.iter().map(|(table, ids)| {
                    (table.into_str().to_owned(), Value::from_iter(ids.iter().map(String::as_str)))
                });
                (beside.export(chosen), Some(Value::Object(ids.collect())))
            }
        };
        match chosen {
            Some(chosen) => statement(text).bind(chosen.to_string()),
            None => statement(text),
        }
    }
}
