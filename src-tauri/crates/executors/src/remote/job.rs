//! The job of a run, of whichever kind: what it needs, and how a worker of another machine reads it.

use std::path::{Path, PathBuf};

use run_folder::{
    export::{ExportSpec, Way},
    folder::RunFolder,
    is_of_this_machine,
    spec::{Framework, Source, Spec, Task},
};
use schema::{Error, ErrorCode, Result};

use super::results::{ADAPTER, CHECKPOINTS, MODEL, ResultPlace, of_export, of_job};

/// The training script of the user's own, in the run's folder.
const SCRIPT: &str = "script.py";

/// The frozen job of a run.
#[derive(Debug, Clone)]
pub(super) enum Job {
    /// Of a training or an evaluation.
    Run(Box<Spec>),
    /// Of an export.
    Export(Box<ExportSpec>),
}

impl Job {
    /// Reads the job of a run.
    ///
    /// # Errors
    /// It can't be read.
    pub(super) fn read(folder: &RunFolder) -> Result<Self> {
        match folder.export() {
            Ok(export) => Ok(Self::Export(Box::new(export))),
            Err(_) => Ok(Self::Run(Box::new(folder.spec()?))),
        }
    }

    /// Refuses what other machines can't carry out.
    pub(super) fn refuse_bound(&self) -> Result<()> {
        match self {
            Self::Run(spec) => match &spec.task {
                Task::Training(training) if training.framework == Framework::Axolotl => {
                    Err(Error::new(ErrorCode::Invalid, "axolotl trains on this machine only.")
                        .hint("Choose this machine, or train without axolotl."))
                }
                _ => Ok(()),
            },
            Self::Export(_) => Ok(()),
        }
    }

    /// The address of MLflow that its worker uses; empty for none.
    pub(super) fn tracking_uri(&self) -> &str {
        match self {
            Self::Run(spec) => &spec.tracking.uri,
            Self::Export(export) => match &export.way {
                Way::Mlflow(settings) => settings.uri.as_deref().unwrap_or_default(),
                _ => "",
            },
        }
    }

    /// The files of rows beside the job that a worker reads, and its script with the name that it has there.
    pub(super) fn files(&self, folder: &RunFolder) -> Vec<(PathBuf, String)> {
        let Self::Run(spec) = self else { return Vec::new() };
        let mut rows = vec![folder.train(), folder.eval()];
        rows.extend(spec.further_rows().iter().map(|(name, _)| folder.rows(name)));
        let named = |path: PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (path, name)
        };
        let mut files: Vec<_> = rows.into_iter().filter(|path| path.is_file()).map(named).collect();
        if let Task::Training(training) = &spec.task
            && let Some(script) = &training.script
        {
            files.push((PathBuf::from(&script.path), SCRIPT.to_owned()));
        }
        files
    }

    /// The folders here with what earlier attempts wrote and a further one reads, and their places in the run's folder
    /// there.
    pub(super) fn history(&self) -> Vec<(PathBuf, String)> {
        let Self::Run(spec) = self else { return Vec::new() };
        match &spec.task {
            Task::Training(training) => {
                vec![(PathBuf::from(&training.output.checkpoints), CHECKPOINTS.to_owned())]
            }
            Task::Evaluation(evaluation) => {
                let answers = evaluation.combinations.iter();
                answers.map(|one| (PathBuf::from(&one.folder), of_job(&one.job))).collect()
            }
        }
    }

    /// The nodes on which it works, at least 1. Only trainings work on several.
    pub(super) fn nodes(&self) -> u32 {
        match self {
            Self::Run(spec) => match &spec.task {
                Task::Training(training) => training.nodes.max(1),
                Task::Evaluation(_) => 1,
            },
            Self::Export(_) => 1,
        }
    }

    /// The processes that work together, each on a device of its own, at least 1.
    pub(super) fn processes(&self) -> u32 {
        match self {
            Self::Run(spec) => match &spec.task {
                Task::Training(training) => training.processes.max(1),
                Task::Evaluation(_) => 1,
            },
            Self::Export(_) => 1,
        }
    }

    /// The results that it may have, where they belong on this machine.
    pub(super) fn results(&self, folder: &RunFolder) -> Vec<ResultPlace> {
        match self {
            Self::Run(spec) => ResultPlace::of_run(spec, folder.path()),
            Self::Export(export) => ResultPlace::of_export(export).into_iter().collect(),
        }
    }

    /// The models and adapters that it loads.
    pub(super) fn sources(&self) -> Vec<&Source> {
        match self {
            Self::Run(spec) => match &spec.task {
                Task::Training(training) => {
                    [&training.model].into_iter().chain(&training.adapter_init).collect()
                }
                Task::Evaluation(evaluation) => {
                    let of = evaluation.combinations.iter();
                    of.flat_map(|one| [&one.model].into_iter().chain(&one.adapter).chain(&one.reference))
                        .collect()
                }
            },
            Self::Export(export) => export.model.iter().chain(&export.adapter).collect(),
        }
    }

    /// The same to change them.
    pub(super) fn sources_mut(&mut self) -> Vec<&mut Source> {
        match self {
            Self::Run(spec) => match &mut spec.task {
                Task::Training(training) => {
                    [&mut training.model].into_iter().chain(&mut training.adapter_init).collect()
                }
                Task::Evaluation(evaluation) => {
                    let of = evaluation.combinations.iter_mut();
                    of.flat_map(|one| {
                        [&mut one.model].into_iter().chain(&mut one.adapter).chain(&mut one.reference)
                    })
                    .collect()
                }
            },
            Self::Export(export) => export.model.iter_mut().chain(&mut export.adapter).collect(),
        }
    }

    /// `job.json` as the worker there reads it: with places in the run's folder there instead of this machine's, and the
    /// processes of each node.
    ///
    /// # Errors
    /// It can't be written as JSON.
    pub(super) fn there(mut self) -> Result<Vec<u8>> {
        let nodes = self.nodes();
        let text = match &mut self {
            Self::Run(spec) => {
                if is_of_this_machine(&spec.tracking.uri) {
                    spec.tracking.uri = String::new();
                }
                place_there(&mut spec.task, nodes);
                serde_json::to_vec_pretty(spec)
            }
            Self::Export(export) => {
                export.to = export.to.as_deref().map(|to| of_export(Path::new(to)));
                serde_json::to_vec_pretty(export)
            }
        };
        text.map_err(|error| Error::internal("writing the job", &error))
    }
}

fn place_there(task: &mut Task, nodes: u32) {
    match task {
        Task::Training(training) => {
            ADAPTER.clone_into(&mut training.output.adapter);
            CHECKPOINTS.clone_into(&mut training.output.checkpoints);
            training.output.model = training.output.model.take().map(|_| MODEL.to_owned());
            // Devices are chosen by their indexes on this machine.
            training.devices.clear();
            training.processes = (training.processes / nodes).max(1);
            training.nodes = 1;
            if let Some(script) = &mut training.script {
                SCRIPT.clone_into(&mut script.path);
            }
        }
        Task::Evaluation(evaluation) => {
            for combination in &mut evaluation.combinations {
                combination.folder = of_job(&combination.job);
            }
        }
    }
}
