//! Copies of rows.

use datasets::Scanner;
use resources::TrainingChoices;
use schema::{Error, ErrorCode, Kind, Result, Table, TableName};
use serde_json::Value;

use crate::{
    Created, Store,
    rows::{find, not_found, row_named},
};

impl Store {
    /// Creates a copy of a row with a new id. A unique name becomes "… copy", then "… copy 2". The
    /// rules of new rows apply.
    pub async fn duplicate(&self, table: &'static Table, id: &str, scanner: &Scanner) -> Result<Created> {
        let mut reading = self.pool().acquire().await?;
        let mut row = find(&mut reading, table, id).await?.ok_or_else(|| not_found(table, id))?;
        row.remove("id");
        row.retain(|_, value| !value.is_null());
        for column in table.columns.iter().filter(|column| column.unique && column.kind == Kind::Text) {
            // Other unique values, such as names on the Hub, refer to things outside of the store.
            let Some(name) = row.get("name").and_then(Value::as_str).filter(|_| column.name == "name") else {
                continue;
            };
            let base = name.trim().to_owned();
            let mut copy = format!("{base} copy");
            let mut number = 2;
            while row_named(&mut reading, table, "name", &copy).await?.is_some() {
                copy = format!("{base} copy {number}");
                number += 1;
            }
            row.insert("name".to_owned(), copy.into());
        }
        drop(reading);
        let scanner = match table.name {
            // A copy of a dataset is read as it is.
            TableName::Datasets => scanner.clone().with_options(self.read_options(id).await?),
            _ => scanner.clone(),
        };
        let choices = match table.name {
            TableName::FineTuningJobs => self.training_choices(id).await?,
            _ => TrainingChoices::default(),
        };
        let made = self.create_with(table, row, &scanner, &choices).await?;
        if made.recognized {
            let message = format!("Two {} can't have the same settings.", table.plural);
            return Err(Error::new(ErrorCode::Conflict, message)
                .hint("Create one with other settings. This one can be used by any number of jobs."));
        }
        Ok(made)
    }
}
