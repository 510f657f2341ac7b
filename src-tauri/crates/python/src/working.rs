//! The choice of the interpreter that runs are started with.

use platform::disk::format_bytes;
use schema::{Error, ErrorCode, Result};

use crate::{Accelerator, EnvironmentKind, Interpreter, InterpreterSource, Python, WorkerCommand};

/// The hint if no Python can be used, as the window shows it. The command line replaces it by its own
/// command.
pub const CREATE_ENVIRONMENT: &str = "Open Settings → Python and choose Create environment.";

/// The hint if axolotl is not installed, as the window shows it.
pub const CREATE_AXOLOTL_ENVIRONMENT: &str = "Open Settings → Axolotl and choose Create environment.";

/// The hint if nothing can be converted to GGUF, as the window shows it.
pub const CREATE_GGUF_ENVIRONMENT: &str = "Open Settings → GGUF and choose Create environment.";

impl Python {
    /// The command that starts the worker: the program that `FINE_TUNING_STUDIO_WORKER` names, else
    /// the interpreter of [`Self::working`].
    pub async fn worker(&self, kind: EnvironmentKind) -> Result<WorkerCommand> {
        if let Some(program) = &self.places.worker {
            return Ok(WorkerCommand::Program(program.clone()));
        }
        let python = self.working(kind).await?.path.into();
        Ok(WorkerCommand::Python { python, worker_path: self.worker_folder()? })
    }

    /// The interpreter that runs are started with: the chosen one, else that of the program's own
    /// environment, else the first that has every library. axolotl and exports to GGUF pass over a chosen one
    /// that lacks their packages.
    ///
    /// # Errors
    /// There is none.
    pub async fn working(&self, kind: EnvironmentKind) -> Result<Interpreter> {
        let candidates = self.candidates(kind).await?;
        // The first is usually the one; then the others need not be started.
        if let Some((path, source)) = candidates.first() {
            let first = self.probe(path, *source).await?;
            if kind.is_served_by(&first) {
                return Ok(first);
            }
            if kind == EnvironmentKind::Training && *source == InterpreterSource::Chosen {
                return Err(unusable(&first));
            }
        }
        let all = self.probe_all(candidates).await?;
        match kind {
            EnvironmentKind::Training => pick(&all).cloned(),
            EnvironmentKind::Axolotl => {
                all.into_iter().find(|python| kind.is_served_by(python)).ok_or_else(without_axolotl)
            }
            EnvironmentKind::Gguf => {
                all.into_iter().find(|python| kind.is_served_by(python)).ok_or_else(without_gguf)
            }
        }
    }

    /// Whether a package is installed where trainings and evaluations run; not if another program replaces
    /// the worker.
    pub async fn worker_has(&self, package: &str) -> Result<bool> {
        if self.places.worker.is_some() {
            return Ok(false);
        }
        let working = self.working(EnvironmentKind::Training).await?;
        Ok(working.packages.get(package).is_some_and(Option::is_some))
    }

    /// The accelerators of the worker; empty if another program replaces it.
    pub async fn worker_accelerators(&self, kind: EnvironmentKind) -> Result<Vec<Accelerator>> {
        match self.worker(kind).await? {
            WorkerCommand::Python { python, .. } => self.accelerators(&python).await,
            WorkerCommand::Program(_) => Ok(Vec::new()),
        }
    }
}

/// The first usable interpreter. If one was chosen, only that one counts.
pub(crate) fn pick(all: &[Interpreter]) -> Result<&Interpreter> {
    match all.first() {
        Some(chosen) if chosen.source == InterpreterSource::Chosen && !chosen.complete() => {
            Err(unusable(chosen))
        }
        _ => all.iter().find(|python| python.complete()).ok_or_else(|| none_usable(all)),
    }
}

fn unusable(chosen: &Interpreter) -> Error {
    let why = match &chosen.problem {
        Some(problem) => problem.clone(),
        None => format!("It lacks {}.", chosen.missing.join(", ")),
    };
    let message = format!("The Python that was chosen, {}, can't train. {why}", chosen.path);
    Error::new(ErrorCode::NoPython, message)
        .hint(format!("Install what is missing there, or choose another Python. {CREATE_ENVIRONMENT}"))
}

fn without_axolotl() -> Error {
    let kind = EnvironmentKind::Axolotl;
    let message = "No Python on this machine has axolotl.";
    match kind.unavailable() {
        Some(why) => Error::new(ErrorCode::NoPython, format!("{message} {why}")),
        None => {
            let size = format_bytes(kind.size());
            let message =
                format!("{message} It needs an environment of its own, which takes {size} of disk space.");
            Error::new(ErrorCode::NoPython, message).hint(CREATE_AXOLOTL_ENVIRONMENT)
        }
    }
}

fn without_gguf() -> Error {
    let size = format_bytes(EnvironmentKind::Gguf.size());
    let message = format!(
        "No Python on this machine converts models to GGUF. That takes an environment of its own, laid over the \
         one that trains, with {size} of packages."
    );
    Error::new(ErrorCode::NoPython, message).hint(CREATE_GGUF_ENVIRONMENT)
}

fn none_usable(all: &[Interpreter]) -> Error {
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
