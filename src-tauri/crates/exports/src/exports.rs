//! Plans, starts and reports of exports.

use std::{io::ErrorKind, path::PathBuf};

use configs::defaults;
use hub::Hub;
use inspect::{Inspector, WeightsSource};
use python::Python;
use run_folder::{
    export::{ExportKind, ExportReport, ExportSpec, Way},
    folder::RunFolder,
    spec::{Task, VERSION},
};
use runs::{AskedTarget, Runs};
use schema::{Error, ErrorCode, Result};
use serde::Serialize;
use store::{RowKey, Run, Store, StoredExport};
use uuid::Uuid;

use crate::{draft::Draft, plan::ExportPlan, publication::Scans, request::ExportRequest, samples, ways};

/// The exports of a store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Exports {
    store: Store,
    python: Python,
    inspector: Inspector,
    hub: Hub,
    runs: Runs,
    scans: Scans,
}

/// What came of an export that may be long over.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct StoredReport {
    /// The id of its run.
    pub run: String,
    /// The row that was exported, which may not exist any more.
    pub source: RowKey,
    /// The path or the address of the result; none unless it succeeded.
    pub output: Option<String>,
    /// The row that was registered for the result, which may not exist any more.
    pub made: Option<RowKey>,
    /// The report; none before the worker wrote one.
    pub report: Option<ExportReport>,
}

impl Exports {
    /// The exports of a store, whose workers run in this Python.
    pub fn new(store: Store, python: Python, hub: Hub, runs: Runs) -> Self {
        let inspector = Inspector::new(store.clone(), hub.clone());
        Self { inspector, store, python, hub, runs, scans: Scans::default() }
    }

    /// What starting an export would do. The plan has everything that would stop it.
    pub async fn plan(&self, request: &ExportRequest) -> Result<ExportPlan> {
        Ok(self.lay_out(request).await?.0)
    }

    /// Starts an export: freezes it in a run folder and queues its run. Nothing is created unless it can
    /// start.
    pub async fn start(&self, request: &ExportRequest) -> Result<Run> {
        let (plan, spec, target) = self.lay_out(request).await?;
        if !plan.problems.is_empty() {
            let python = plan.problems.iter().any(|problem| problem.column == "python");
            let error = Error::invalid(plan.problems);
            return Err(if python { Error { code: ErrorCode::NoPython, ..error } } else { error });
        }
        let json = serde_json::to_string(request);
        let stored = StoredExport {
            run: spec.id.clone(),
            way: spec.way.name().to_owned(),
            source: request.source.clone(),
            request: json.map_err(|error| Error::internal("storing an export", &error))?,
            report: None,
            output: None,
            made: None,
        };
        let target = target.map(|asked| asked.target);
        self.runs.start_export(&spec, &stored, &plan.fetches, target.as_ref()).await
    }

    /// What came of the export with that run.
    ///
    /// # Errors
    /// The run is no export.
    pub async fn report(&self, run: &str) -> Result<StoredReport> {
        let stored = self.store.export(run).await?;
        let stored = stored.ok_or_else(|| {
            Error::new(ErrorCode::NotFound, format!("There is no export with the id '{run}'."))
                .hint("The list of runs has the ids of all runs on this machine.")
        })?;
        let report = match &stored.report {
            Some(report) => serde_json::from_str(report).ok(),
            // Of a run that is not over.
            None => self.runs.report(run).await?.progress.report,
        };
        Ok(StoredReport {
            run: stored.run,
            source: stored.source,
            output: stored.output,
            made: stored.made,
            report,
        })
    }

    /// What an export was asked for, as it was frozen.
    ///
    /// # Errors
    /// The run is no export, or its folder is gone.
    pub fn way(&self, run: &str) -> Result<Way> {
        Ok(RunFolder::new(self.store.path(), run).export()?.way)
    }

    /// Removes an export that is over: its run, its folder and its report. What it wrote stays, except for
    /// what a killed worker left half written.
    ///
    /// # Errors
    /// The run is no export, or is not over.
    pub async fn remove(&self, run: &str) -> Result<Run> {
        let run = self.store.forget_export(run).await?;
        let folder = RunFolder::new(self.store.path(), &run.id);
        if let Some(partial) = folder.export().ok().and_then(|spec| spec.partial())
            && let Err(error) = std::fs::remove_dir_all(&partial).or_else(|_| std::fs::remove_file(&partial))
            && error.kind() != ErrorKind::NotFound
        {
            return Err(Error::file("delete", &partial, &error));
        }
        folder.remove()?;
        Ok(run)
    }

    async fn lay_out(
        &self,
        request: &ExportRequest,
    ) -> Result<(ExportPlan, ExportSpec, Option<AskedTarget>)> {
        let mut way = request.way.clone();
        let worker = self.python.worker(way.environment()).await;
        let mut draft = Draft {
            store: &self.store,
            inspector: &self.inspector,
            hub: &self.hub,
            scans: &self.scans,
            worker: worker.as_ref().ok().cloned(),
            needs_base: ways::needs_base(&way),
            fetches_first: ways::fetches_first(&way),
            row_of_model: None,
            plan: ExportPlan::default(),
            model: None,
            adapter: None,
            job: None,
            own_base: None,
            target: None,
        };
        draft.find(&request.source, request.base.as_deref()).await?;
        if draft.plan.dataset.is_some() && !ways::takes_datasets(&way) {
            draft.refuse("source", "Only models and adapters are exported this way.");
        }
        let row = [&draft.plan.adapter, &draft.plan.model, &draft.plan.dataset].into_iter().flatten().next();
        let row = row.map(|source| source.name.clone());
        let named = request.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        draft.plan.name = match named {
            Some(name) => name.to_owned(),
            None => ways::default_name(&request.way, row.as_deref().unwrap_or("Model")),
        };
        let (samples, trained_quantized) = self.training_of(&mut draft).await?;
        if way.writes_here() {
            draft.set_destination(request.to.as_deref(), &self.written_now().await?);
        }
        ways::plan(&mut draft, request, &mut way, || self.runs.tracking_uri()).await?;
        let asked = self.runs.asked_target(request.target.as_deref()).await;
        let python = if way.has_worker() { worker.map(drop) } else { Ok(()) };
        draft.set_place(asked, &way, python)?;
        draft.measure();
        let Draft { plan, .. } = &draft;
        let spec = ExportSpec {
            version: VERSION,
            kind: ExportKind::Export,
            id: Uuid::new_v4().to_string(),
            name: plan.name.clone(),
            model: plan.model.clone(),
            adapter: plan.adapter.clone(),
            dataset: plan.dataset.clone(),
            trained_quantized,
            to: plan.to.clone(),
            samples,
            seed: defaults::seed(),
            way,
        };
        Ok((draft.plan, spec, draft.target))
    }

    /// The texts to compare the result on, and whether the adapter was trained on quantized weights.
    async fn training_of(&self, draft: &mut Draft<'_>) -> Result<(Vec<String>, bool)> {
        let folder = draft.job.as_ref().map(|job| RunFolder::new(self.store.path(), job));
        let spec = folder.as_ref().and_then(|folder| folder.spec().ok());
        let mut quantized = spec.as_ref().is_some_and(|spec| match &spec.task {
            Task::Training(training) => training.quantization.is_some(),
            Task::Evaluation(_) => false,
        });
        if let Some(own) = draft.own_base.clone() {
            let used = draft.plan.model.as_ref().map(|model| model.id.as_str());
            if used != Some(own.as_str()) {
                let report = self.inspector.model(&WeightsSource::Id(own)).await;
                quantized |=
                    report.is_ok_and(|report| report.facts.is_some_and(|facts| facts.quantization.is_some()));
            }
        }
        let samples = folder.map(|folder| samples::of_training(&folder)).unwrap_or_default();
        let name = spec.map(|spec| spec.name).filter(|_| !samples.is_empty());
        let samples = if samples.is_empty() { samples::fixed() } else { samples };
        draft.plan.samples = samples.len() as u64;
        draft.plan.samples_of = name;
        Ok((samples, quantized))
    }

    /// The places that exports write which are not over.
    async fn written_now(&self) -> Result<Vec<PathBuf>> {
        let live = self.store.live_runs().await?;
        let exports = live.iter().filter(|run| run.kind == store::RunKind::Export);
        let specs = exports.filter_map(|run| RunFolder::new(self.store.path(), &run.id).export().ok());
        Ok(specs.filter_map(|spec| spec.to.map(PathBuf::from)).collect())
    }
}
