//! Plans and starts jobs.

use compute::Target;
use datasets::Scanner;
use resources::{Described as _, FineTuningJob, TrainingChoices};
use schema::{Error, ErrorCode, Result, Row, TableName, column};
use store::{Run, RunKind, StoredExport};
use uuid::Uuid;

use super::{
    diagnostics::Diagnostics,
    plan::{EvaluationPlan, Layout, PlannedFetch, TrainingPlan},
};
use crate::{
    needed::{Needed, NeededFor},
    request::{EvaluationRequest, TrainingRequest},
    runs::Runs,
};
use run_folder::{
    export::ExportSpec,
    folder::RunFolder,
    spec::{Spec, Task},
};

impl Runs {
    /// What starting a training would do. The plan has everything that would stop it.
    pub async fn plan_training(&self, request: &TrainingRequest) -> Result<TrainingPlan> {
        let layout = self.lay_out_training(&Uuid::new_v4().to_string(), request).await?;
        let plan = layout.plan.clone();
        self.plans.training.put(request.clone(), layout);
        Ok(plan)
    }

    /// Starts a training: creates the job, freezes it in a run folder and queues the run. Nothing is
    /// created unless all of it can be. The layout of the last plan is used if all its inputs are
    /// still the same.
    pub async fn start_training(&self, request: &TrainingRequest) -> Result<Run> {
        let planned = self.plans.training.take(request).filter(|layout| layout.plan.problems.is_empty());
        let layout = match planned {
            Some(planned) if self.are_current(&planned.inputs).await? => planned,
            _ => self.lay_out_training(&Uuid::new_v4().to_string(), request).await?,
        };
        let Layout { plan, rows, spec, .. } = layout;
        let needed = Needed::new(&plan.fetches, NeededFor::Training(Box::new(request.clone())));
        let spec = startable(spec, Diagnostics { problems: plan.problems, warnings: plan.warnings })?;
        let target = self.target(request.target.as_deref()).await?;
        self.freeze_and_queue(&spec, rows, RunKind::Training, &spec.choices(), needed, target).await
    }

    /// What starting an evaluation would do. The plan has everything that would stop it, except for
    /// a fraction or a batch size out of range, which are refused.
    pub async fn plan_evaluation(&self, request: &EvaluationRequest) -> Result<EvaluationPlan> {
        let layout = self.lay_out_evaluation(&Uuid::new_v4().to_string(), request).await?;
        let plan = layout.plan.clone();
        self.plans.evaluation.put(request.clone(), layout);
        Ok(plan)
    }

    /// Starts an evaluation: creates a job for every combination, freezes them in one run folder and
    /// queues the run, as [`Self::start_training`] does.
    pub async fn start_evaluation(&self, request: &EvaluationRequest) -> Result<Run> {
        let planned = self.plans.evaluation.take(request).filter(|layout| layout.plan.problems.is_empty());
        let layout = match planned {
            Some(planned) if self.are_current(&planned.inputs).await? => planned,
            _ => self.lay_out_evaluation(&Uuid::new_v4().to_string(), request).await?,
        };
        let Layout { plan, rows, spec, .. } = layout;
        let needed = Needed::new(&plan.fetches, NeededFor::Evaluation(Box::new(request.clone())));
        let spec = startable(spec, Diagnostics { problems: plan.problems, warnings: plan.warnings })?;
        let target = self.target(request.target.as_deref()).await?;
        let choices = TrainingChoices::default();
        self.freeze_and_queue(&spec, rows, RunKind::Evaluation, &choices, needed, target).await
    }

    /// Freezes the job of a run again whose needs are fetched, under the same id and with the same jobs.
    ///
    /// # Errors
    /// It can't be started, now that all of it can be read.
    pub(crate) async fn freeze_again(&self, folder: &RunFolder, needed: &Needed) -> Result<()> {
        if needed.request == NeededFor::Export {
            return folder.write_export(&self.with_fetched(folder.export()?, needed)?);
        }
        let before = folder.spec()?;
        let id = before.id.clone();
        let (fetches, spec, diagnostics, rows) = match &needed.request {
            NeededFor::Training(request) => {
                let Layout { plan, spec, rows, .. } = self.lay_out_training(&id, request).await?;
                let diagnostics = Diagnostics { problems: plan.problems, warnings: plan.warnings };
                (plan.fetches, spec, diagnostics, rows)
            }
            NeededFor::Export => return Ok(()),
            NeededFor::Evaluation(request) => {
                let Layout { plan, spec, rows, .. } = self.lay_out_evaluation(&id, request).await?;
                let diagnostics = Diagnostics { problems: plan.problems, warnings: plan.warnings };
                (plan.fetches, spec, diagnostics, rows)
            }
        };
        let mut spec = startable(spec, diagnostics)?;
        if let Some(fetch) = fetches.first() {
            let message = format!("{} is still not complete in the Hub's local cache.", fetch.name);
            return Err(Error::new(ErrorCode::NotFound, message).hint("Retry looks for it again."));
        }
        match (&mut spec.task, before.task) {
            (Task::Evaluation(now), Task::Evaluation(before)) => {
                for (now, before) in now.combinations.iter_mut().zip(before.combinations) {
                    (now.job, now.folder) = (before.job, before.folder);
                }
            }
            _ => self.keep_what_follows(&id, &spec, &rows).await?,
        }
        folder.write_spec(&spec)
    }

    /// An export with the folders of what was fetched in place of names on the Hub.
    fn with_fetched(&self, mut spec: ExportSpec, needed: &Needed) -> Result<ExportSpec> {
        let sources = [&mut spec.model, &mut spec.adapter].into_iter().flatten();
        for source in sources.filter(|source| needed.fetches.iter().any(|one| one.name == source.source)) {
            let folder = self.hub.cached_model(&source.source).ok_or_else(|| {
                let message = format!("{} is still not complete in the Hub's local cache.", source.source);
                Error::new(ErrorCode::NotFound, message).hint("Retry looks for it again.")
            })?;
            source.source = folder.display().to_string();
        }
        Ok(spec)
    }

    /// Records in the row of a training what followed from the files that were fetched.
    async fn keep_what_follows(&self, id: &str, spec: &Spec, rows: &[(TableName, Row)]) -> Result<()> {
        self.store.set_training_choices(id, &spec.choices()).await?;
        let column = column!(FineTuningJob, learning_rate);
        let job = rows.iter().find(|(table, _)| *table == TableName::FineTuningJobs).map(|(_, row)| row);
        if let Some(rate) = job.and_then(|job| job.get(column)) {
            let fields = Row::from_iter([(column.to_owned(), rate.clone())]);
            self.store.update(TableName::FineTuningJobs.table(), id, fields, &Scanner::unwatched()).await?;
        }
        Ok(())
    }

    /// Freezes an export in a run folder and queues its run. Nothing is left if that fails.
    ///
    /// What is fetched first is named in the job by its name on the Hub.
    pub async fn start_export(
        &self,
        spec: &ExportSpec,
        export: &StoredExport,
        fetches: &[PlannedFetch],
        target: Option<&Target>,
    ) -> Result<Run> {
        let folder = self.folder(&spec.id);
        folder.create()?;
        let created = async {
            folder.write_export(spec)?;
            if let Some(needed) = Needed::new(fetches, NeededFor::Export) {
                needed.write(&folder)?;
            }
            let target = target.map(|target| target.id.as_str());
            self.store.create_export(&spec.name, export, target).await
        };
        if let Err(error) = created.await {
            folder.remove()?;
            return Err(error);
        }
        self.changed.notify_waiters();
        self.store.run(&spec.id).await
    }

    /// The compute target of a request, by its id or its name. Refused unless it is confirmed.
    pub(crate) async fn target(&self, asked: Option<&str>) -> Result<Option<Target>> {
        let Some(asked) = asked.filter(|asked| !asked.trim().is_empty()) else { return Ok(None) };
        let target = self.store.target(asked).await?;
        target.refuse_unconfirmed()?;
        Ok(Some(target))
    }

    /// Creates the folder and the rows of a run, and queues it. Nothing is left if that fails.
    async fn freeze_and_queue(
        &self,
        spec: &Spec,
        rows: Vec<(TableName, Row)>,
        kind: RunKind,
        choices: &TrainingChoices,
        needed: Option<Needed>,
        target: Option<Target>,
    ) -> Result<Run> {
        let folder = self.folder(&spec.id);
        folder.create()?;
        let created = async {
            folder.write_spec(spec)?;
            if let Some(needed) = needed {
                needed.write(&folder)?;
            }
            let target = target.as_ref().map(|target| target.id.as_str());
            self.store.create_with_run(rows, &spec.id, kind, &spec.name, choices, target).await
        };
        if let Err(error) = created.await {
            folder.remove()?;
            return Err(error);
        }
        self.changed.notify_waiters();
        self.store.run(&spec.id).await
    }
}

/// The frozen job, or all problems as one error.
fn startable(spec: Option<Spec>, diagnostics: Diagnostics) -> Result<Spec> {
    match spec {
        Some(spec) if diagnostics.problems.is_empty() => Ok(spec),
        _ => Err(diagnostics.into_error()),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use hub::{Environment, Hub, Keyring};
    use platform::SettingsFile;
    use python::{Places, Python};
    use schema::TableName;
    use serde_json::{Value, json};
    use store::Store;
    use transfers::Transfers;

    use super::*;

    struct World {
        runs: Runs,
        request: TrainingRequest,
        folder: tempfile::TempDir,
    }

    async fn create(store: &Store, table: TableName, fields: Value) -> String {
        let fields = fields.as_object().cloned().unwrap();
        let created = store.create(table.table(), fields, &Scanner::unwatched()).await.unwrap();
        created.row.row["id"].as_str().unwrap().to_owned()
    }

    fn model(folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("config.json"), r#"{"architectures": ["LlamaForCausalLM"]}"#).unwrap();
        // The length of the header in eight bytes, the header, and one number.
        let header = r#"{"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#;
        let length = (header.len() as u64).to_le_bytes();
        let weights = [&length, header.as_bytes(), &[0; 4]].concat();
        fs::write(folder.join("model.safetensors"), weights).unwrap();
    }

    async fn world() -> World {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let store = Store::open(&path("studio.db")).await.unwrap();
        fs::write(path("rows.csv"), format!("text,label\n{}", "a,b\n".repeat(30))).unwrap();
        model(&path("model"));
        let dataset = json!({"type": "project_csv", "name": "Rows", "location": path("rows.csv")});
        let dataset = create(&store, TableName::Datasets, dataset).await;
        let base = json!({"type": "project", "name": "Tiny", "location": path("model")});
        let base = create(&store, TableName::Models, base).await;
        let prompt = json!({
            "name": "Label", "dataset_id": dataset, "input_template": "{text}", "completion_template": "{label}",
        });
        let prompt = create(&store, TableName::Prompts, prompt).await;
        let settings = SettingsFile::from_path(path("settings.json"));
        let places = Places { worker: Some(path("worker")), ..Places::default() };
        let python = Python::new(places, settings.clone());
        let variables = [("HF_HUB_OFFLINE", "1".to_owned())];
        let hub = Hub::new(
            Environment::from_variables(variables),
            settings,
            Keyring::new("fine-tuning-studio tests"),
        );
        let transfers = Transfers::new(store.clone(), hub.clone());
        let runs = Runs::new(store, python, hub, transfers);
        let request = TrainingRequest {
            adapter_name: Some("labels-1".to_owned()),
            base_model_id: Some(base),
            dataset_id: Some(dataset),
            prompt_id: Some(prompt),
            ..TrainingRequest::default()
        };
        World { runs, request, folder }
    }

    impl World {
        /// The id under which the last plan was laid out.
        async fn planned(&self) -> String {
            let plan = self.runs.plan_training(&self.request).await.unwrap();
            assert_eq!(plan.problems, []);
            let layout = self.runs.plans.training.take(&self.request).unwrap();
            let id = layout.spec.as_ref().unwrap().id.clone();
            self.runs.plans.training.put(self.request.clone(), layout);
            id
        }

        async fn started(&self, request: &TrainingRequest) -> String {
            self.runs.start_training(request).await.unwrap().id
        }
    }

    #[tokio::test]
    async fn a_start_uses_the_plan_that_was_shown_once() {
        let mut world = world().await;
        let planned = world.planned().await;
        assert_eq!(world.started(&world.request).await, planned);
        world.request.adapter_name = Some("labels-2".to_owned());
        assert_ne!(world.started(&world.request).await, planned);
    }

    #[tokio::test]
    async fn another_request_is_laid_out_anew() {
        let world = world().await;
        let planned = world.planned().await;
        let other = TrainingRequest { num_epochs: Some(3), ..world.request.clone() };
        assert_ne!(world.started(&other).await, planned);
    }

    #[tokio::test]
    async fn a_changed_row_is_laid_out_anew() {
        let world = world().await;
        let planned = world.planned().await;
        let prompt = world.request.prompt_id.clone().unwrap();
        let fields = json!({"input_template": "Now: {text}"}).as_object().cloned().unwrap();
        let table = TableName::Prompts.table();
        world.runs.store.update(table, &prompt, fields, &Scanner::unwatched()).await.unwrap();
        let started = world.started(&world.request).await;
        assert_ne!(started, planned);
        let spec = world.runs.folder(&started).spec().unwrap();
        assert_eq!(spec.prompt.unwrap().input_template.as_deref(), Some("Now: {text}"));
    }

    #[tokio::test]
    async fn changed_files_are_laid_out_anew() {
        for name in ["rows.csv", "model/config.json"] {
            let world = world().await;
            let planned = world.planned().await;
            let path = world.folder.path().join(name);
            let mut bytes = fs::read(&path).unwrap();
            bytes.push(b'\n');
            fs::write(&path, bytes).unwrap();
            assert_ne!(world.started(&world.request).await, planned, "{name}");
        }
    }
}
