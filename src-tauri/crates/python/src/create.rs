//! Creates and removes the program's own environments.

use std::path::{Path, PathBuf};

use platform::{
    Work, blocking,
    disk::{self, folder_size},
};
use schema::{Error, ErrorCode, Result};

use crate::{
    EnvironmentKind, EnvironmentProgress, EnvironmentState, Interpreter, InterpreterSource, Python, Recipe,
    install::install,
    interpreter::OLDEST,
    managed::Managed,
    overlay,
    progress::{CreationStep, begin_step},
    uv::{Uv, offline},
};

type CreateWork = Work<EnvironmentProgress>;

impl Python {
    /// Creates an environment of the program, or continues an unfinished one. A complete one stays
    /// unchanged.
    ///
    /// # Errors
    /// It can't be created on this system, its folder contains something else, there is no room for it or
    /// no Python to create it with, its packages can't be installed, or the work was cancelled.
    pub async fn create_environment(&self, recipe: &Recipe, work: &CreateWork) -> Result<Interpreter> {
        if let Some(why) = recipe.kind.unavailable() {
            return Err(Error::new(ErrorCode::NoPython, why));
        }
        let folder = self.places.managed(recipe.kind)?;
        let managed = Managed(&folder);
        let _lock = managed.lock()?;
        match managed.state(&recipe.requirements) {
            EnvironmentState::Foreign => return Err(managed.foreign()),
            EnvironmentState::Complete => {
                let existing = self.probe(&managed.python(), InterpreterSource::Managed).await?;
                if recipe.kind.is_served_by(&existing) {
                    return Ok(existing);
                }
            }
            _ => {}
        }
        let build_folder = managed.build_folder();
        let measured = (folder.clone(), build_folder.clone());
        // An unfinished environment needs only the rest of the room.
        let existing = blocking("measuring the environment", move || {
            Ok(folder_size(&measured.0) + folder_size(&measured.1))
        })
        .await?;
        check_room(&folder, recipe, recipe.room.saturating_sub(existing))?;
        managed.begin()?;
        std::fs::create_dir_all(&build_folder)
            .map_err(|error| Error::file("create", &build_folder, &error))?;
        begin_step(work, &CreationStep::Looking)?;
        let training = match recipe.kind.is_laid_over_training() {
            true => Some(self.working(EnvironmentKind::Training).await?),
            false => None,
        };
        let base = match &training {
            Some(training) => Base::new(training),
            None => oldest(&self.interpreters().await?),
        };
        let recipe = &self.within_settings(recipe);
        let uv = self.uv(base.as_ref(), &build_folder, recipe, work).await?;
        venv(&uv, managed, base.as_ref(), work).await?;
        if let Some(training) = &training {
            overlay::lay_over(managed, Path::new(&training.path), self.answer_timeout).await?;
        }
        install(&uv, managed, recipe, &build_folder, work).await?;
        begin_step(work, &CreationStep::Checking)?;
        self.verify(managed, recipe).await?;
        // The environment is complete: a cancellation now does not change that.
        let _ = begin_step(work, &CreationStep::Cleaning);
        blocking("removing temporary files", move || {
            if let Err(error) = std::fs::remove_dir_all(&build_folder) {
                tracing::warn!("{}: {error}", build_folder.display());
            }
            Ok(())
        })
        .await?;
        self.probe(&managed.python(), InterpreterSource::Managed).await
    }

    /// Removes an environment of the program.
    pub async fn remove_environment(&self, kind: EnvironmentKind) -> Result<()> {
        let folder = self.places.managed(kind)?;
        blocking("removing the environment", move || {
            let managed = Managed(&folder);
            let _lock = managed.lock()?;
            match managed.state("") {
                EnvironmentState::Foreign => Err(managed.foreign()),
                _ => managed.remove(),
            }
        })
        .await
    }

    /// The recipe, restricted to uv's cache if the program is set to work offline.
    fn within_settings(&self, recipe: &Recipe) -> Recipe {
        let mut recipe = recipe.clone();
        if self.settings.read().offline {
            recipe.variables.push(("UV_OFFLINE".to_owned(), "1".to_owned()));
        }
        recipe
    }

    async fn uv(
        &self,
        base: Option<&Base>,
        build_folder: &Path,
        recipe: &Recipe,
        work: &CreateWork,
    ) -> Result<Uv> {
        if let Some(uv) = Uv::find(&self.places, &recipe.variables).await {
            return Ok(uv);
        }
        let Some(base) = base else {
            return Err(Error::new(
                ErrorCode::NoPython,
                "There is no Python on this machine to create an environment with.",
            )
            .hint("Install Python 3.11 or newer, or uv (https://docs.astral.sh/uv), then try again."));
        };
        if self.settings.read().offline {
            return Err(offline("uv, which installs the packages, could not be fetched"));
        }
        begin_step(work, &CreationStep::FetchingUv)?;
        Uv::download(&base.path, build_folder, &recipe.variables, work).await
    }

    /// Marks the environment as complete if it has what it is for.
    async fn verify(&self, managed: Managed<'_>, recipe: &Recipe) -> Result<()> {
        let made = self.probe_unfinished(&managed.python(), InterpreterSource::Managed).await?;
        if recipe.kind.is_served_by(&made) {
            return managed.finish(&recipe.requirements);
        }
        let missing = recipe.kind.missing(&made);
        let why = made.problem.unwrap_or_else(|| format!("It lacks {}.", missing.join(", ")));
        Err(Error::new(ErrorCode::NoPython, format!("The environment was created but can't be used. {why}"))
            .hint("Remove it and create it again."))
    }
}

/// The Python that the environment is created with.
struct Base {
    path: PathBuf,
    version: String,
}

impl Base {
    fn new(python: &Interpreter) -> Option<Self> {
        Some(Self { path: PathBuf::from(&python.path), version: python.version.clone()? })
    }
}

/// The oldest supported interpreter, because some libraries have no wheels for new versions at first.
fn oldest(found: &[Interpreter]) -> Option<Base> {
    let others = found.iter().filter(|python| python.source != InterpreterSource::Managed);
    let known = others.filter_map(|python| Some((python.minor_version()?, python)));
    let (_, python) = known.filter(|(version, _)| *version >= OLDEST).min_by_key(|(version, _)| *version)?;
    Base::new(python)
}

/// Creates the virtual environment, unless its interpreter exists.
async fn venv(uv: &Uv, managed: Managed<'_>, base: Option<&Base>, work: &CreateWork) -> Result<()> {
    if managed.python().is_file() && managed.0.join("pyvenv.cfg").is_file() {
        return Ok(());
    }
    begin_step(work, &CreationStep::Creating { python: base.map(|base| base.version.clone()) })?;
    let folder = managed.0.parent().unwrap_or(Path::new("."));
    let arguments = |command: &mut tokio::process::Command| {
        command.args(["venv", "--allow-existing"]).arg(managed.0).arg("--python");
        match base {
            Some(base) => command.arg(&base.path).env("UV_PYTHON_DOWNLOADS", "never"),
            None => command.arg(format!("{}.{}", OLDEST.0, OLDEST.1)),
        };
    };
    let made = uv.run(folder, arguments, work, |_| Ok(())).await;
    made.map_err(|failure| failure.into_error("The environment could not be created"))
}

fn check_room(folder: &Path, recipe: &Recipe, room: u64) -> Result<()> {
    let Some(free) = disk::free(folder).filter(|free| *free < room) else { return Ok(()) };
    let message = format!(
        "The Python environment takes {}, and only {} are free on the disk of {}.",
        disk::format_bytes(recipe.kind.size()),
        disk::format_bytes(free),
        folder.display()
    );
    Err(Error::new(ErrorCode::File, message).hint(format!(
        "Free some space until there are {}, or set a folder on another disk with \
         FINE_TUNING_STUDIO_ENVIRONMENT before the program starts.",
        disk::format_bytes(room)
    )))
}
