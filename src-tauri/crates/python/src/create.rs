//! Making the program's own environment, step by step.

use std::path::{Path, PathBuf};

use platform::{
    Work, blocking,
    disk::{self, folder_size},
};
use schema::{Error, ErrorCode, Result};
use serde::Serialize;

use super::{
    EnvironmentState, Interpreter, InterpreterSource, Python,
    install::install,
    interpreter::OLDEST,
    managed::Managed,
    unpack,
    uv::{Uv, offline, stopped},
};

/// What the environment takes on disk, measured on Linux, where PyTorch brings the libraries for
/// graphics cards with it.
pub(super) const SIZE: u64 = 6_500_000_000;

/// What must be free before it is begun: its size, and room for what else goes on.
const ROOM: u64 = 8_000_000_000;

/// What an environment is made of.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// The requirements, as pip reads them.
    pub requirements: String,
    /// The bytes that must be free.
    pub room: u64,
    /// What the installer's environment says beside that of this process.
    pub variables: Vec<(String, String)>,
}

impl Default for Recipe {
    /// What training needs.
    fn default() -> Self {
        Self { requirements: unpack::REQUIREMENTS.to_owned(), room: ROOM, variables: Vec::new() }
    }
}

/// How far the making of the environment is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct EnvironmentProgress {
    /// What is being done, as a sentence without its full stop.
    pub doing: String,
    /// Bytes of the downloads that are finished.
    pub done: u64,
    /// Bytes of the downloads that were announced. There may be more to come.
    pub total: Option<u64>,
}

impl EnvironmentProgress {
    /// A step of which nothing is counted.
    pub(super) fn step(doing: impl Into<String>) -> Self {
        Self { doing: doing.into(), done: 0, total: None }
    }
}

type Making = Work<EnvironmentProgress>;

impl Python {
    /// Makes the program's own environment, or goes on with one that was not finished. One that
    /// is complete stays as it is.
    pub async fn create_environment(&self, recipe: &Recipe, work: &Making) -> Result<Interpreter> {
        let managed = Managed(self.places.managed()?);
        let _lock = managed.lock()?;
        match managed.state(&recipe.requirements) {
            EnvironmentState::Foreign => return Err(managed.foreign()),
            EnvironmentState::Complete => {
                let there = self.probe(&managed.python(), InterpreterSource::Managed).await?;
                if there.complete() {
                    return Ok(there);
                }
            }
            _ => {}
        }
        let workshop = managed.workshop();
        let (folder, making) = (managed.0.to_owned(), workshop.clone());
        // What is there already takes no room again.
        let there =
            blocking("measuring the environment", move || Ok(folder_size(&folder) + folder_size(&making)))
                .await?;
        enough_room(managed.0, recipe.room.saturating_sub(there))?;
        managed.begin()?;
        std::fs::create_dir_all(&workshop).map_err(|error| Error::file("create", &workshop, &error))?;
        tell(work, "Looking for Python and uv")?;
        let base = base(&self.interpreters().await?);
        let recipe = &self.within_settings(recipe);
        let uv = self.uv(base.as_ref(), &workshop, recipe, work).await?;
        venv(&uv, managed, base.as_ref(), work).await?;
        install(&uv, managed, recipe, &workshop, work).await?;
        tell(work, "Checking that everything is there")?;
        self.verify(managed, &recipe.requirements).await?;
        // It is finished: nothing from here on is a reason to say that it is not.
        let _ = tell(work, "Removing what was needed only to make it");
        blocking("preparing the environment", move || {
            if let Err(error) = std::fs::remove_dir_all(&workshop) {
                tracing::warn!("{}: {error}", workshop.display());
            }
            Ok(())
        })
        .await?;
        self.probe(&managed.python(), InterpreterSource::Managed).await
    }

    /// Removes the program's own environment.
    pub async fn remove_environment(&self) -> Result<()> {
        let folder = self.places.managed()?.to_owned();
        blocking("preparing the environment", move || {
            let managed = Managed(&folder);
            let _lock = managed.lock()?;
            match managed.state("") {
                EnvironmentState::Foreign => Err(managed.foreign()),
                _ => managed.remove(),
            }
        })
        .await
    }

    /// What was downloaded before will do where nothing may be asked for.
    fn within_settings(&self, recipe: &Recipe) -> Recipe {
        let mut recipe = recipe.clone();
        if self.settings.read().offline {
            recipe.variables.push(("UV_OFFLINE".to_owned(), "1".to_owned()));
        }
        recipe
    }

    async fn uv(&self, base: Option<&Base>, workshop: &Path, recipe: &Recipe, work: &Making) -> Result<Uv> {
        if let Some(uv) = Uv::find(&self.places, &recipe.variables).await {
            return Ok(uv);
        }
        let Some(base) = base else {
            return Err(Error::new(ErrorCode::NoPython, "There is no Python on this machine to start from.")
                .hint("Install Python 3.11 or newer, or uv (https://docs.astral.sh/uv), then try again."));
        };
        if self.settings.read().offline {
            return Err(offline("uv, which installs the packages, could not be fetched"));
        }
        tell(work, "Getting uv, which installs the packages")?;
        Uv::fetch(&base.path, workshop, &recipe.variables, work).await
    }

    /// Marks the environment as finished if it has what training needs.
    async fn verify(&self, managed: Managed<'_>, requirements: &str) -> Result<()> {
        let made = self.look_into(&managed.python(), InterpreterSource::Managed).await?;
        if made.complete() {
            return managed.finish(requirements);
        }
        let why = made.problem.unwrap_or_else(|| format!("It lacks {}.", made.missing.join(", ")));
        Err(Error::new(ErrorCode::NoPython, format!("The environment was created but can't be used. {why}"))
            .hint("Remove it and create it again."))
    }
}

/// The Python that an environment is made with.
struct Base {
    path: PathBuf,
    version: String,
}

/// The oldest that will do: new ones lack wheels of some libraries at first.
fn base(found: &[Interpreter]) -> Option<Base> {
    let others = found.iter().filter(|python| python.source != InterpreterSource::Managed);
    let known = others.filter_map(|python| Some((python.number()?, python)));
    let (_, python) = known.filter(|(number, _)| *number >= OLDEST).min_by_key(|(number, _)| *number)?;
    Some(Base { path: PathBuf::from(&python.path), version: python.version.clone()? })
}

/// Makes the virtual environment, unless its interpreter is there.
async fn venv(uv: &Uv, managed: Managed<'_>, base: Option<&Base>, work: &Making) -> Result<()> {
    if managed.python().is_file() && managed.0.join("pyvenv.cfg").is_file() {
        return Ok(());
    }
    match base {
        Some(base) => tell(work, format!("Making the environment with Python {}", base.version))?,
        None => tell(work, "Downloading Python")?,
    }
    let folder = managed.0.parent().unwrap_or(Path::new("."));
    let arguments = |command: &mut tokio::process::Command| {
        command.args(["venv", "--allow-existing"]).arg(managed.0).arg("--python");
        match base {
            Some(base) => command.arg(&base.path).env("UV_PYTHON_DOWNLOADS", "never"),
            None => command.arg(format!("{}.{}", OLDEST.0, OLDEST.1)),
        };
    };
    let made = uv.run(folder, arguments, work, |_| Ok(())).await;
    made.map_err(|failure| failure.into_error("The environment could not be made"))
}

fn enough_room(folder: &Path, room: u64) -> Result<()> {
    let Some(free) = disk::free(folder).filter(|free| *free < room) else { return Ok(()) };
    let message = format!(
        "The Python environment takes {}, and only {} are free where {} is to be.",
        disk::words(SIZE),
        disk::words(free),
        folder.display()
    );
    Err(Error::new(ErrorCode::File, message).hint(format!(
        "Free some space until there are {}, or name a folder on another disk in \
         FINE_TUNING_STUDIO_ENVIRONMENT before the program starts.",
        disk::words(room)
    )))
}

/// Tells which step is begun.
pub(super) fn tell(work: &Making, doing: impl Into<String>) -> Result<()> {
    work.tick(EnvironmentProgress::step(doing)).map_err(|_| stopped())
}
