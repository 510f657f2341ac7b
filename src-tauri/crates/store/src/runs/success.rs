//! The end of a run that succeeded, with the adapter that it made.

use resources::{Adapter, Described as _, Model};
use schema::{Result, Row, TableName, column};
use serde_json::Value;

use super::{made::note_with, progress::end, run::RunState};
use crate::{Store, rows::rows_where, write::add};

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
        let Some((name, trained)) = trained else {
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
        drop(reading);
        let (made, renamed) = match known.is_empty() {
            true => self.prepare_made(name, trained).await.map(|(made, renamed)| (Some(made), renamed))?,
            false => (None, None),
        };
        let mut tx = self.write().await?;
        let note = note_with(note, renamed);
        if !end(&mut tx, id, RunState::Succeeded, note.as_deref(), None).await? {
            return Ok(());
        }
        let made = match made {
            Some(made) => Some(add(made, &mut tx).await?.row.id().to_owned()),
            None => known.first().and_then(|row| row.get("id")?.as_str()).map(str::to_owned),
        };
        if name == TableName::Adapters {
            sqlx::query("UPDATE fine_tuning_jobs SET adapter_id = ? WHERE id = ?")
                .bind(made)
                .bind(id)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }
}
