//! Python on this machine: which interpreters have what training needs, the environment that the
//! program makes and keeps for itself, and how the worker is started in one.
//!
//! The worker's package is carried inside the program and unpacked when it is first used, so any
//! interpreter that has the libraries can run it and nothing of ours is installed into it.

mod create;
mod found;
mod install;
mod interpreter;
mod managed;
mod places;
mod process;
mod report;
mod unpack;
mod uv;
mod worker;

pub use create::{EnvironmentProgress, Recipe};
pub use found::InterpreterSource;
pub use interpreter::{Accelerator, Interpreter};
pub use managed::EnvironmentState;
pub use places::Places;
pub use report::EnvironmentReport;

pub use worker::WorkerCommand;

use std::{path::PathBuf, time::Duration};

use interpreter::Said;
use platform::SettingsFile;
use schema::Error;
use schema::ErrorCode;
use schema::Result;

/// How long an interpreter may take to say what it has. It imports nothing large for that.
const PATIENCE: Duration = Duration::from_secs(20);

/// Python as this machine has it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Python {
    places: Places,
    settings: SettingsFile,
    said: Said,
    patience: Duration,
}

impl Python {
    /// What the environment and the person's settings describe.
    pub fn of_user(settings: SettingsFile) -> Self {
        Self::new(Places::of_process(), settings)
    }

    /// One with places of its own.
    pub fn new(places: Places, settings: SettingsFile) -> Self {
        Self { places, settings, said: Said::default(), patience: PATIENCE }
    }

    /// The same, with another bound on how long an interpreter may take to answer.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The folder to put on `PYTHONPATH`, with the worker's package in it.
    pub(crate) fn worker_path(&self) -> Result<PathBuf> {
        unpack::worker_path(self.places.data()?)
    }

    /// How the worker is started: by the program that the environment names in its place, else by
    /// the interpreter that has what it needs.
    pub async fn worker(&self) -> Result<WorkerCommand> {
        if let Some(program) = &self.places.worker {
            return Ok(WorkerCommand::Program(program.clone()));
        }
        let python = self.working().await?.path.into();
        Ok(WorkerCommand::Python { python, worker_path: self.worker_path()? })
    }

    /// The interpreter that runs are started with: the one that was chosen, else the program's
    /// own, else the first that has everything.
    pub async fn working(&self) -> Result<Interpreter> {
        let candidates = self.candidates().await?;
        // The one that is meant to be taken is asked alone: that is the common case.
        if let Some((path, source)) = candidates.first() {
            let first = self.probe(path, *source).await?;
            if first.complete() || *source == InterpreterSource::Chosen {
                return pick(&[first]).cloned();
            }
        }
        pick(&self.asked(candidates).await?).cloned()
    }

    /// What a worker finds to compute on. None is known of a program that stands in for it.
    pub async fn worker_accelerators(&self) -> Result<Vec<Accelerator>> {
        match self.worker().await? {
            WorkerCommand::Python { python, .. } => self.accelerators(&python).await,
            WorkerCommand::Program(_) => Ok(Vec::new()),
        }
    }
}

/// The one of these that is taken, by their order. One that was chosen is taken or none is.
fn pick(all: &[Interpreter]) -> Result<&Interpreter> {
    match all.first() {
        Some(chosen) if chosen.source == InterpreterSource::Chosen && !chosen.complete() => {
            Err(unusable(chosen))
        }
        _ => all.iter().find(|python| python.complete()).ok_or_else(|| none_works(all)),
    }
}

/// The hint where no Python can be used, as it reads in the window. A host in which an environment is
/// created in another way replaces it.
pub const CREATE_ENVIRONMENT: &str = "Open Settings → Python and choose Create environment.";

fn unusable(chosen: &Interpreter) -> Error {
    let why = match &chosen.problem {
        Some(problem) => problem.clone(),
        None => format!("It lacks {}.", chosen.missing.join(", ")),
    };
    let message = format!("The Python that was chosen, {}, can't train. {why}", chosen.path);
    Error::new(ErrorCode::NoPython, message)
        .hint(format!("Install what is missing there, or choose another Python. {CREATE_ENVIRONMENT}"))
}

fn none_works(all: &[Interpreter]) -> Error {
    let usable = all.iter().filter(|python| python.problem.is_none());
    let message = match usable.min_by_key(|python| python.missing.len()) {
        Some(nearest) if nearest.packages.values().any(Option::is_some) => format!(
            "No Python on this machine has what training needs. {} comes nearest and lacks {}.",
            nearest.path,
            nearest.missing.join(", ")
        ),
        Some(empty) => {
            format!("No Python on this machine has what training needs: {}.", empty.missing.join(", "))
        }
        None => "There is no Python on this machine that can train.".to_owned(),
    };
    Error::new(ErrorCode::NoPython, message).hint(CREATE_ENVIRONMENT)
}
