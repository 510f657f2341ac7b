//! A new or changed row before it is written: its values are normalized and checked by the rules of
//! their columns.

use schema::{Column, FieldProblem, FileScan, Kind, Result, Row, Table};
use serde_json::Value;

use crate::values::{default, fault, tidy};

/// A new or changed row.
#[derive(Debug)]
pub struct Draft {
    /// The table of the row.
    pub table: &'static Table,
    /// The stored row, unless the row is new.
    pub before: Option<Row>,
    /// The row to write: every column, in declaration order.
    pub row: Row,
    /// What was found to be wrong with it.
    pub problems: Vec<FieldProblem>,
}

impl Draft {
    /// A draft with `fields` over the stored row, or over the defaults of a new one. Texts are trimmed
    /// and blank texts become null; templates and long texts keep their white space.
    pub fn new(table: &'static Table, before: Option<Row>, fields: Row) -> Self {
        let mut draft = Self { table, row: Row::new(), problems: Vec::new(), before };
        for column in table.columns {
            let kept = draft.before.as_ref().and_then(|row| row.get(column.name)).cloned();
            draft.row.insert(column.name.to_owned(), kept.unwrap_or_default());
        }
        for (name, value) in fields {
            match table.column(&name) {
                Some(column) => draft.set(column, value),
                None => draft.refuse(&name, format!("{} have no column '{name}'.", table.plural)),
            }
        }
        if draft.before.is_none() {
            for column in table.columns {
                if draft.row.get(column.name).is_some_and(Value::is_null) {
                    draft.row.insert(column.name.to_owned(), default(column));
                }
            }
        }
        draft
    }

    /// Fills the columns that the resource derives from others and from its file.
    ///
    /// # Errors
    /// The file can't be read.
    pub async fn derive(&mut self, file: &mut dyn FileScan) -> Result<()> {
        (self.table.rules.derive)(&mut self.row, self.before.as_ref(), file).await
    }

    /// Adds a problem with the value of a column.
    pub fn refuse(&mut self, column: &str, message: impl Into<String>) {
        self.problems.push(FieldProblem { column: column.to_owned(), message: message.into() });
    }

    fn set(&mut self, column: &Column, value: Value) {
        let value = tidy(column, value);
        let known = self.before.as_ref().and_then(|row| row.get(column.name));
        if known == Some(&value) {
            return;
        }
        match fault(column, &value) {
            Some(fault) => self.refuse(column.name, fault),
            None if column.kind == Kind::Id && self.before.is_some() => {
                self.refuse(column.name, "The identifier of a row can't be changed.");
            }
            None => _ = self.row.insert(column.name.to_owned(), value),
        }
    }

    /// The columns whose values are new.
    pub fn changed(&self) -> Vec<&'static Column> {
        let was = |column: &Column| self.before.as_ref().and_then(|row| row.get(column.name));
        let is_new = |column: &&Column| {
            let value = self.row.get(column.name).unwrap_or(&Value::Null);
            was(column).unwrap_or(&Value::Null) != value
        };
        self.table.columns.iter().filter(is_new).collect()
    }

    /// Refuses empty values of required columns: all in a new row, in a stored row those that changed.
    pub fn check_required(&mut self) {
        let row_type = self.row.get("type").and_then(Value::as_str).map(str::to_owned);
        let changed = self.changed();
        let retyped = self.before.is_none() || changed.iter().any(|column| column.name == "type");
        for column in self.table.columns {
            let empty = self.row.get(column.name).is_none_or(Value::is_null);
            let asked = retyped || changed.iter().any(|c| c.name == column.name);
            if column.required && empty && asked && column.applies_to(row_type.as_deref()) {
                self.refuse(column.name, format!("{} is required.", column.label));
            }
        }
    }

    /// The value of a column, null if there is none.
    pub fn value(&self, column: &str) -> &Value {
        self.row.get(column).unwrap_or(&Value::Null)
    }
}
