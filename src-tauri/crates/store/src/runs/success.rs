//! The end of a run that succeeded, with the adapter that it made.

use datasets::Scanner;
use resources::{Adapter, Described as _, Model};
use schema::{Result, Row, TableName, column};
use serde_json::Value;

use super::{progress::end, run::RunState};
use crate::{
    Store,
    rows::{free_name, rows_where},
    write::add,
};

/// The folder of a model.
const LOCATION: &str = column!(Model, location);

impl Store {
    /// Records the success of a run and creates the row of its adapter, or of its model, in one
    /// transaction. Does nothing if the end of the run was recorded before.
    pub async fn succeed(
        &self,
        id: &str,
        note: Option<&str>,
        trained: Option<(TableName, Row)>,
    ) -> Result<()> {
        let Some((name, mut trained)) = trained else {
            return self.note_ended(id, RunState::Succeeded, note, None).await.map(drop);
        };
        let table = name.table();
        let mut reading = self.pool().acquire().await?;
        let known = match name {
            TableName::Adapters => {
                rows_where(&mut reading, table, column!(Adapter, fine_tuning_job_id), id).await?
            }
            // A model has no job. Its folder is that of the run.
            _ => {
                let location = trained.get(LOCATION).and_then(Value::as_str).unwrap_or_default();
                rows_where(&mut reading, table, LOCATION, location).await?
            }
        };
        let (mut draft, mut renamed) = (None, None);
        if known.is_empty() {
            // Another row may have got the name during the training.
            let wanted = trained.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            let free = free_name(&mut reading, table, &wanted).await?;
            if free != wanted {
                let what = if name == TableName::Adapters { "adapter" } else { "model" };
                renamed = Some(format!("The name '{wanted}' was taken, so the {what} is called '{free}'."));
            }
            trained.insert("name".to_owned(), free.into());
            draft = Some(self.prepare(table, None, trained, &Scanner::unwatched()).await?);
        }
        drop(reading);
        let mut tx = self.write().await?;
        let note = [note.map(str::to_owned), renamed].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let note = Some(note.as_str()).filter(|note| !note.is_empty());
        if !end(&mut tx, id, RunState::Succeeded, note, None).await? {
            return Ok(());
        }
        let made = match draft {
            Some(draft) => add(draft, &mut tx).await?.row.row.get("id").cloned(),
            None => known.first().and_then(|row| row.get("id")).cloned(),
        };
        if name == TableName::Adapters {
            sqlx::query("UPDATE fine_tuning_jobs SET adapter_id = ? WHERE id = ?")
                .bind(made.as_ref().and_then(Value::as_str))
                .bind(id)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }
}
