//! Queuing a run again that failed, was stopped or got lost, where it was or at another place.

use compute::Target;
use platform::Work;
use resources::FineTuningJob;
use schema::{Error, ErrorCode, FieldProblem, Result, TableName, column};
use store::{Run, RunKind};

use crate::{
    needed::{Needed, NeededFor},
    preflight::diagnostics::Diagnostics,
    request::TrainingRequest,
    runs::Runs,
};
use run_folder::{
    elsewhere::Elsewhere,
    folder::RunFolder,
    spec::{Spec, Task},
};

impl Runs {
    /// Queues a run again that failed, was stopped or got lost. It goes on from its last checkpoint.
    pub async fn retry(&self, id: &str) -> Result<Run> {
        let run = self.get(id).await?;
        self.queue_again(&run, run.target.as_deref()).await
    }

    /// The same on the compute target with that id or name, or without one on this machine. Its checkpoints are brought
    /// from where it was and sent to where it goes.
    ///
    /// # Errors
    /// Its job can't be carried out there, or its results only wait to be fetched.
    pub async fn retry_on(&self, id: &str, target: Option<&str>) -> Result<Run> {
        let run = self.get(id).await?;
        let target = self.target(target).await?.map(|target| target.id);
        if run.target == target || !run.state.is_unsuccessful() {
            return self.queue_again(&run, target.as_deref()).await;
        }
        let folder = self.folder(&run.id);
        if let Some(elsewhere) = Elsewhere::read(&folder).filter(|elsewhere| elsewhere.left_there.is_some()) {
            let message = format!("The run '{}' is done; its results are on {}.", run.name, elsewhere.name);
            return Err(Error::new(ErrorCode::Invalid, message).hint("Retry there, which fetches them."));
        }
        // No program begins the run while its job is changed.
        let Some(_claim) = folder.claim()? else {
            let message = format!("The run '{}' still has a process.", run.name);
            return Err(Error::new(ErrorCode::Conflict, message).hint("Retry once it has ended."));
        };
        if let Some(needed) = Needed::read(&folder)? {
            // The job is frozen again once all is fetched.
            needed.on(target.clone()).write(&folder)?;
            return self.queue_again(&run, target.as_deref()).await;
        }
        if run.kind == RunKind::Export {
            let there = self.asked_target(target.as_deref()).await?;
            if let Some(why) = there.and_then(|there| there.refuse_export(&folder.export().ok()?.way)) {
                return Err(Error::new(ErrorCode::Invalid, why));
            }
            return self.queue_again(&run, target.as_deref()).await;
        }
        let before = folder.spec()?;
        folder.write_spec(&self.spec_on(&before, target.as_deref()).await?)?;
        let queued = self.queue_again(&run, target.as_deref()).await;
        if queued.is_err() {
            folder.write_spec(&before)?;
        }
        queued
    }

    async fn queue_again(&self, run: &Run, target: Option<&str>) -> Result<Run> {
        // A run whose events can't be read has its own count.
        let begun = self.with_progress(&run.id, |progress| progress.attempt).ok().flatten();
        let run = self.store.retry(&run.id, begun.unwrap_or(0), target).await?;
        self.changed.notify_waiters();
        Ok(run)
    }

    /// The frozen job at another place: only what depends on the place is decided anew.
    async fn spec_on(&self, before: &Spec, target: Option<&str>) -> Result<Spec> {
        let mut spec = before.clone();
        let Task::Training(training) = &mut spec.task else { return Ok(spec) };
        let row = self.store.get(TableName::FineTuningJobs, &spec.id).await?.row;
        let mut request = TrainingRequest::from_row(row)?;
        request.choices = self.store.training_choices(&spec.id).await?;
        request.target = target.map(str::to_owned);
        let plan = self.lay_out_training(&spec.id, &request).await?.plan;
        // What was frozen need not be in the workspace any more.
        let frozen = [
            column!(FineTuningJob, dataset_id),
            column!(FineTuningJob, prompt_id),
            column!(FineTuningJob, base_model_id),
        ];
        let is_of_place = |problem: &FieldProblem| !frozen.contains(&problem.column.as_str());
        let problems: Vec<_> = plan.problems.into_iter().filter(is_of_place).collect();
        if !problems.is_empty() {
            return Err(Diagnostics { problems, warnings: plan.warnings }.into_error());
        }
        if training.processes != plan.processes {
            let message = format!(
                "The run trains in {} processes, and there it would be {}.",
                training.processes, plan.processes
            );
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint("Start a new training there: steps and learning rate depend on that number."));
        }
        (training.nodes, training.devices) = (plan.nodes, plan.devices);
        Ok(spec)
    }

    /// Brings what an earlier attempt of a run left on a target that it does not go on with.
    pub(crate) async fn bring_back(&self, run: &Run, folder: &RunFolder, work: &Work) -> Result<()> {
        let Some(before) = Elsewhere::read(folder) else { return Ok(()) };
        if run.target.as_deref() == Some(before.target.as_str()) {
            return Ok(());
        }
        let target = self.target_before(&before).await?;
        self.executors.on(&target).bring_back(folder, work).await
    }

    /// The target on which a run was, or the one that was added again in its place.
    async fn target_before(&self, before: &Elsewhere) -> Result<Target> {
        let name = format!("'{}'", before.name);
        for asked in [&before.target, &before.name] {
            match self.store.target(asked).await {
                Ok(found) if found.id == before.target || found.settings.host == before.host => {
                    return Ok(found);
                }
                Err(error) if error.code != ErrorCode::NotFound => return Err(error),
                _ => {}
            }
        }
        let message = format!("The checkpoints of the run are on {name}, which was removed here.");
        let hint = format!("Add {name} again with the same host, then retry, or start a new training.");
        Err(Error::new(ErrorCode::NotFound, message).hint(hint))
    }
}

impl Needed {
    /// The same for a run on that target, or without one on this machine.
    fn on(mut self, target: Option<String>) -> Self {
        match &mut self.request {
            NeededFor::Training(request) => request.target = target,
            NeededFor::Evaluation(request) => request.target = target,
            NeededFor::Export => {}
        }
        self
    }
}
