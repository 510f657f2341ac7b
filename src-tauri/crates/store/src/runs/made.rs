//! The row of what a run made.

use datasets::Scanner;
use resources::Described as _;
use schema::{Result, Row, TableName};
use serde_json::Value;

use crate::{Store, rows::free_name, write::Prepared};

impl Store {
    /// The row of what a run made, ready to be written under a free name: another row may have got the wanted one
    /// during the run. Returns a sentence that says the new name, if it has one.
    pub(super) async fn prepare_made(
        &self,
        name: TableName,
        mut row: Row,
    ) -> Result<(Prepared, Option<String>)> {
        let table = name.table();
        let wanted = row.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut reading = self.pool().acquire().await?;
        let free = free_name(&mut reading, table, &wanted).await?;
        drop(reading);
        let renamed = (free != wanted)
            .then(|| format!("The name '{wanted}' was taken, so the {} is called '{free}'.", table.singular));
        row.insert("name".to_owned(), free.into());
        Ok((self.prepare(table, None, row, &Scanner::unwatched()).await?, renamed))
    }
}

/// The note of a run's end with the sentence about a new name.
pub(super) fn note_with(note: Option<&str>, renamed: Option<String>) -> Option<String> {
    let sentences: Vec<String> = note.map(str::to_owned).into_iter().chain(renamed).collect();
    Some(sentences.join(" ")).filter(|note| !note.is_empty())
}
