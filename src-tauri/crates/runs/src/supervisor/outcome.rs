//! Records the end of a run, and registers the adapter of a training.

use std::path::Path;

use resources::{Adapter, AdapterType, FineTuningJob};
use schema::{Choice, ErrorCode, MappedDict as _, Result, Row};
use store::{Run, RunState};

use super::transition::Ended;
use crate::{
    folder::RunFolder,
    runs::Runs,
    spec::{Spec, Task},
};

impl Runs {
    /// Records how a run ended.
    pub(super) async fn record_end(&self, run: &Run, folder: &RunFolder, ended: Ended) -> Result<()> {
        if ended.state == RunState::Succeeded {
            return self.record_success(run, folder, ended).await;
        }
        let Ended { state, note, hint, .. } = ended;
        self.store.note_ended(&run.id, state, note.as_deref(), hint.as_deref()).await.map(drop)
    }

    /// Records success, and registers the adapter in the same transaction.
    async fn record_success(&self, run: &Run, folder: &RunFolder, ended: Ended) -> Result<()> {
        let Ended { note, adapter: location, .. } = ended;
        let adapter = match (folder.spec(), location.as_deref()) {
            (Ok(Spec { task: Task::Training(training), .. }), Some(location))
                if training.adapter.register =>
            {
                self.adapter_of(&run.id, &training.adapter.name, location).await?
            }
            _ => None,
        };
        let refused = match self.store.succeed(&run.id, note.as_deref(), adapter).await {
            Err(error) if error.code == ErrorCode::Invalid => error,
            other => return other,
        };
        // A row that the adapter refers to may have been deleted. The training has succeeded anyway.
        let location = location.unwrap_or_default();
        let not_added = format!("The adapter was not added: {} It lies in {location}.", refused.message);
        let note = [note, Some(not_added)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.store.succeed(&run.id, Some(&note), None).await
    }

    /// The row of the adapter that a job trained; none if the job was deleted or its folder is gone.
    async fn adapter_of(&self, job: &str, name: &str, location: &str) -> Result<Option<Row>> {
        let Some(row) = self.find::<FineTuningJob>(job).await? else { return Ok(None) };
        if !Path::new(location).is_dir() {
            tracing::warn!("the adapter of {job} is not in {location}");
            return Ok(None);
        }
        let adapter = Adapter {
            r#type: Some(Choice::Known(AdapterType::Project)),
            name: Some(name.to_owned()),
            location: Some(location.to_owned()),
            fine_tuning_job_id: Some(job.to_owned().into()),
            model_id: row.base_model_id.clone(),
            prompt_id: row.prompt_id.clone(),
            ..Adapter::default()
        };
        Ok(Some(adapter.to_dict()))
    }
}
