//! An export that is being planned.

use std::path::{Path, PathBuf};

use hub::{CachedKind, DatasetPart, Hub};
use inspect::{AdapterReport, Inspector, ModelReport, WeightsSource};
use platform::disk;
use python::WorkerCommand;
use resources::{Adapter, Dataset, Model};
use run_folder::{export::Way, spec::Source};
use runs::{AskedTarget, PlannedFetch};
use schema::{ErrorCode, FieldProblem, Result, Stored, TableName};
use store::{RowKey, Store};
use weights::PlaceState;

use crate::{plan::ExportPlan, publication::Scans};

/// Bytes of the disk that an export leaves free.
const RESERVE: u64 = 50_000_000;

/// An export that is being planned. Its steps add what they find to the plan; only failures of the database
/// and of the program are errors.
pub(crate) struct Draft<'a> {
    pub(crate) store: &'a Store,
    pub(crate) inspector: &'a Inspector,
    pub(crate) hub: &'a Hub,
    pub(crate) scans: &'a Scans,
    /// What starts the worker; none if there is no environment for it.
    pub(crate) worker: Option<WorkerCommand>,
    /// Whether the files of an adapter's base model are needed.
    pub(crate) needs_base: bool,
    /// Whether what is on the Hub alone is fetched before the work.
    pub(crate) fetches_first: bool,
    /// The row of the model, or of the base model of the adapter.
    pub(crate) row_of_model: Option<Model>,
    pub(crate) plan: ExportPlan,
    /// What the model's folder has.
    pub(crate) model: Option<ModelReport>,
    /// What the adapter's folder has.
    pub(crate) adapter: Option<AdapterReport>,
    /// The id of the job that trained the adapter.
    pub(crate) job: Option<String>,
    /// The model that the adapter's row names as its base.
    pub(crate) own_base: Option<String>,
    /// The compute target that carries it out; none for this machine.
    pub(crate) target: Option<AskedTarget>,
}

impl Draft<'_> {
    pub(crate) fn refuse(&mut self, field: &str, message: impl Into<String>) {
        add(&mut self.plan.problems, field, message.into());
    }

    pub(crate) fn warn(&mut self, field: &str, message: impl Into<String>) {
        add(&mut self.plan.warnings, field, message.into());
    }

    /// Finds the row that is exported, and the base model where it is an adapter.
    ///
    /// # Errors
    /// There is no such row.
    pub(crate) async fn find(&mut self, source: &RowKey, base: Option<&str>) -> Result<()> {
        match source.table {
            TableName::Models => self.find_model(&source.id, "source").await,
            TableName::Adapters => self.find_adapter(&source.id, base).await,
            TableName::Datasets => self.find_dataset(&source.id).await,
            _ => {
                self.refuse("source", "Only models, adapters and datasets are exported.");
                Ok(())
            }
        }
    }

    async fn find_model(&mut self, id: &str, field: &str) -> Result<()> {
        let row = match self.store.get(TableName::Models, id).await {
            Ok(row) => row,
            Err(error) if error.code == ErrorCode::NotFound && field == "base" => {
                self.refuse(field, error.message);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let report = self.inspector.model(&WeightsSource::Id(id.to_owned())).await?;
        let model = Stored::<Model>::from_row(row.row).typed;
        let mut folder = report.place.folder.clone().filter(|_| report.place.state == PlaceState::There);
        if folder.is_none() && self.needs_base {
            folder = self.fetched_first(
                CachedKind::Model,
                report.place.state,
                model.huggingface_model_name.as_deref(),
                field,
            );
        }
        self.row_of_model = Some(model);
        if folder.is_none() && (self.needs_base || field != "base") {
            let fetch = match report.place.state {
                PlaceState::Hub => " Fetch it first.",
                _ => "",
            };
            self.refuse(field, format!("'{}': {}{fetch}", row.label, report.place.message));
        }
        self.plan.model = folder.map(|folder| Source::new(id, &row.label, folder));
        self.model = Some(report);
        Ok(())
    }

    /// The name on the Hub, as the place of what is fetched before the work; none where it can't be fetched.
    fn fetched_first(
        &mut self,
        kind: CachedKind,
        state: PlaceState,
        name: Option<&str>,
        field: &str,
    ) -> Option<String> {
        let name =
            name.filter(|_| self.fetches_first && state == PlaceState::Hub && !self.hub.is_offline())?;
        self.plan.fetches.push(PlannedFetch {
            kind,
            name: name.to_owned(),
            part: DatasetPart::default(),
            bytes: None,
            model_type: None,
        });
        self.warn(field, format!("{name} is not in the local cache: it is fetched from the Hub first."));
        Some(name.to_owned())
    }

    async fn find_dataset(&mut self, id: &str) -> Result<()> {
        let row = self.store.get(TableName::Datasets, id).await?;
        match Dataset::file_of(&row.row, &row.label) {
            Ok(source) => self.plan.dataset = Some(Source::new(id, &row.label, source)),
            Err(error) => self.refuse("source", error.message),
        }
        Ok(())
    }

    async fn find_adapter(&mut self, id: &str, base: Option<&str>) -> Result<()> {
        let row = self.store.get(TableName::Adapters, id).await?;
        let adapter = Stored::<Adapter>::from_row(row.row);
        self.job = adapter.fine_tuning_job_id.as_ref().map(|id| id.as_str().to_owned());
        self.own_base = adapter.model_id.as_ref().map(|id| id.as_str().to_owned());
        let report = self.inspector.adapter(&WeightsSource::Id(id.to_owned()), base).await?;
        let named = || match report.bases.as_slice() {
            [only] => Some(only.id.clone()),
            _ => None,
        };
        match base.map(str::to_owned).or_else(|| self.own_base.clone()).or_else(named) {
            Some(model) => self.find_model(&model, "base").await?,
            None => self.refuse("base", "The adapter's base model is not known. Choose it."),
        }
        let folder = report.place.folder.clone().filter(|_| report.place.state == PlaceState::There);
        let name = adapter.huggingface_name.as_deref();
        let folder =
            folder.or_else(|| self.fetched_first(CachedKind::Adapter, report.place.state, name, "source"));
        if folder.is_none() {
            self.refuse("source", format!("'{}': {}", row.label, report.place.message));
        }
        for misfit in &report.misfits {
            self.warn("base", misfit.clone());
        }
        let notes = report.facts.as_ref().map(|facts| facts.notes.clone()).unwrap_or_default();
        notes.into_iter().for_each(|note| self.warn("source", note));
        self.plan.adapter = folder.map(|folder| Source::new(id, &row.label, folder));
        self.adapter = Some(report);
        Ok(())
    }

    /// Finds what carries it out, and what speaks against that. This machine's own Python does where no target is named.
    pub(crate) fn set_place(
        &mut self,
        found: Result<Option<AskedTarget>>,
        way: &Way,
        python: Result<()>,
    ) -> Result<()> {
        match found {
            Err(error) if error.code != ErrorCode::NotFound => return Err(error),
            Err(error) => self.refuse("target", error.in_sentences()),
            Ok(None) => {
                if let Err(error) = python {
                    self.refuse("python", error.in_sentences());
                }
            }
            Ok(Some(target)) => {
                let problems = target.problems.iter().cloned().chain(target.refuse_export(way));
                problems.for_each(|problem| self.refuse("target", problem));
                target.warnings.iter().for_each(|warning| self.warn("target", warning));
                self.target = Some(target);
            }
        }
        Ok(())
    }

    /// The place that is written: absolute, and free.
    pub(crate) fn set_destination(&mut self, to: Option<&str>, taken: &[PathBuf]) {
        let Some(to) = to.map(str::trim).filter(|to| !to.is_empty()) else {
            self.refuse("to", "Choose where to write it.");
            return;
        };
        let path = PathBuf::from(platform::absolute(to));
        self.plan.to = Some(path.display().to_string());
        let parent = path.parent().unwrap_or(Path::new("/"));
        if path.symlink_metadata().is_ok() {
            let empty = path.read_dir().is_ok_and(|mut entries| entries.next().is_none());
            if !empty {
                self.refuse("to", format!("{} exists already. Choose another name.", path.display()));
            }
        } else if parent.symlink_metadata().is_ok() && !parent.is_dir() {
            self.refuse("to", format!("{} is no folder.", parent.display()));
        }
        if taken.iter().any(|taken| taken.starts_with(&path) || path.starts_with(taken)) {
            self.refuse("to", "Another export writes there. Choose another name, or wait for its end.");
        }
        let sources = [&self.plan.model, &self.plan.adapter].into_iter().flatten();
        if sources.map(|source| Path::new(&source.source)).any(|source| path.starts_with(source)) {
            self.refuse("to", "This is inside the folder that is exported. Choose another one.");
        }
    }

    /// Refuses what does not fit on the disks.
    pub(crate) fn measure(&mut self) {
        let written = self.plan.to.as_ref().and(self.plan.bytes).unwrap_or_default();
        let mut temporary = self.plan.temporary_bytes;
        if let Some(target) = &self.target {
            let free = target.last.as_ref().and_then(|last| last.check.free_bytes);
            let (needed, name) = (written + temporary, &target.target.name);
            if let Some(free) = free.filter(|free| *free < needed + RESERVE) {
                let message = format!(
                    "It takes {} on '{name}', and {} were free there at its last check. Make room there and check it \
                     again.",
                    disk::format_bytes(needed),
                    disk::format_bytes(free)
                );
                self.refuse("target", message);
            }
            temporary = 0;
        }
        // What is not written to a place of its own is only in the run folder, and for a while.
        let (place, field) = match &self.plan.to {
            Some(to) => (PathBuf::from(to), "to"),
            None => (self.store.path().to_owned(), "source"),
        };
        let needed = written + temporary;
        if needed == 0 {
            return;
        }
        self.plan.free_bytes = disk::free(&place);
        if let Some(free) = self.plan.free_bytes.filter(|free| *free < needed + RESERVE) {
            self.refuse(
                field,
                format!(
                    "It takes {}, and {} are free there. Make room, or choose another disk.",
                    disk::format_bytes(needed),
                    disk::format_bytes(free)
                ),
            );
        }
    }
}

fn add(known: &mut Vec<FieldProblem>, column: &str, message: String) {
    let problem = FieldProblem { column: column.to_owned(), message };
    if !known.contains(&problem) {
        known.push(problem);
    }
}
