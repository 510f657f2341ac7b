//! Rows of any table, with facts of stored answers of the Hub.

use datasets::Scanner;
use platform::Work;
use resources::{Dataset, Described as _};
use schema::{Result, Row, TableName, column};
use store::{Created, Listed};

use crate::Studio;

/// Creating and changing rows of any table.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a>(pub(crate) &'a Studio);

impl Rows<'_> {
    /// Creates a row, or finds an equal one.
    pub async fn create(&self, table: TableName, fields: Row) -> Result<Created> {
        let fields = self.0.hub_rows().with_hub_facts(table, None, fields).await?;
        let created = self.0.store.create(table.table(), fields, &self.scanner()).await?;
        if !created.recognized {
            self.0.datasets().adopt_fetched_part(table, &created.row).await?;
        }
        Ok(created)
    }

    /// Changes fields of a row.
    pub async fn update(&self, table: TableName, id: &str, fields: Row) -> Result<Listed> {
        let fields = if fields.contains_key(column!(Dataset, huggingface_name)) {
            let before = self.0.store.get(table, id).await?.row;
            self.0.hub_rows().with_hub_facts(table, Some(&before), fields).await?
        } else {
            fields
        };
        self.0.store.update(table.table(), id, fields, &self.scanner()).await
    }

    /// Creates a copy of a row under a new id and, where names are unique, a new name.
    pub async fn duplicate(&self, table: TableName, id: &str) -> Result<Created> {
        self.0.store.duplicate(table.table(), id, &self.scanner()).await
    }

    fn scanner(&self) -> Scanner {
        Scanner::new(Work::unwatched(), self.0.latest_scan.clone())
    }
}
