//! Records the end of a run, and registers the adapter or the model of a training.

use std::path::Path;

use resources::{Adapter, AdapterType, FineTuningJob, Method, Model, ModelType};
use schema::{Choice, ErrorCode, MappedDict as _, Result, Row, TableName};
use store::{Run, RunKind, RunState};

use super::transition::Ended;
use crate::runs::Runs;
use run_folder::{
    folder::RunFolder,
    spec::{Spec, Task, TrainingSpec},
};

impl Runs {
    /// Records how a run ended.
    pub(super) async fn record_end(&self, run: &Run, folder: &RunFolder, ended: Ended) -> Result<()> {
        if run.kind == RunKind::Export {
            return self.record_end_of_export(run, folder, ended).await;
        }
        if ended.state == RunState::Succeeded {
            return self.record_success(run, folder, ended).await;
        }
        let Ended { state, note, hint, .. } = ended;
        self.store.note_ended(&run.id, state, note.as_deref(), hint.as_deref()).await.map(drop)
    }

    /// Records success, and registers the adapter or the model in the same transaction.
    async fn record_success(&self, run: &Run, folder: &RunFolder, ended: Ended) -> Result<()> {
        let Ended { note, adapter, model, .. } = ended;
        let training = match folder.spec() {
            Ok(Spec { task: Task::Training(training), .. }) => Some(training),
            _ => None,
        };
        let registered = training.as_ref().filter(|training| training.adapter.register);
        let trained = match (registered, &adapter, &model) {
            (Some(training), Some(location), _) => {
                self.adapter_of(&run.id, training, location).await?.map(|row| (TableName::Adapters, row))
            }
            (Some(training), None, Some(location)) => {
                model_at(training, location).map(|row| (TableName::Models, row))
            }
            _ => None,
        };
        let refused = match self.store.succeed(&run.id, note.as_deref(), trained).await {
            Err(error) if error.code == ErrorCode::Invalid => error,
            other => return other,
        };
        // A row that the adapter refers to may have been deleted. The training has succeeded anyway.
        let what = if adapter.is_some() { "adapter" } else { "model" };
        let location = adapter.or(model).unwrap_or_default();
        let not_added = format!("The {what} was not added: {} It lies in {location}.", refused.message);
        let note = [note, Some(not_added)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.store.succeed(&run.id, Some(&note), None).await
    }

    /// The row of the adapter that a job trained; none if the job was deleted or its folder is gone.
    async fn adapter_of(&self, job: &str, training: &TrainingSpec, location: &str) -> Result<Option<Row>> {
        let Some(row) = self.find::<FineTuningJob>(job).await? else { return Ok(None) };
        if !Path::new(location).is_dir() {
            tracing::warn!("the adapter of {job} is not in {location}");
            return Ok(None);
        }
        let adapter = Adapter {
            r#type: Some(Choice::Known(AdapterType::Project)),
            name: Some(training.adapter.name.clone()),
            description: (training.method == Method::Reward).then(|| REWARD_MODEL.to_owned()),
            location: Some(location.to_owned()),
            fine_tuning_job_id: Some(job.to_owned().into()),
            model_id: row.base_model_id.clone(),
            prompt_id: row.prompt_id.clone(),
            ..Adapter::default()
        };
        Ok(Some(adapter.to_dict()))
    }
}

/// What is said of a result that gives scores.
const REWARD_MODEL: &str = "A reward model: it gives scores for answers and writes none.";

/// The row of a model that a job trained from a base; none if its folder is gone.
fn model_at(training: &TrainingSpec, location: &str) -> Option<Row> {
    let name = &training.adapter.name;
    if !Path::new(location).is_dir() {
        tracing::warn!("the model '{name}' is not in {location}");
        return None;
    }
    let origin = format!("Trained from {}.", training.model.name);
    let is_reward_model = training.method == Method::Reward;
    let model = Model {
        r#type: Some(Choice::Known(ModelType::Project)),
        name: Some(name.clone()),
        description: Some(if is_reward_model { format!("{REWARD_MODEL} {origin}") } else { origin }),
        location: Some(location.to_owned()),
        ..Model::default()
    };
    Some(model.to_dict())
}
