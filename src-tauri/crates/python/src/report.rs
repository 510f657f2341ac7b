//! The report on Python for the settings, and the choice of another interpreter.

use std::path::Path;

use platform::{
    Settings, absolute, blocking,
    disk::{self, folder_size},
};
use schema::{Error, ErrorCode, Result, TextEnum as _};
use serde::Serialize;

use crate::{
    EnvironmentState, Interpreter, InterpreterSource, Python, managed::Managed, places::python_in,
    recipe::SIZE, unpack, working::pick,
};

/// The interpreters of this machine and the program's own environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EnvironmentReport {
    /// The folder of the program's own environment.
    pub folder: String,
    /// Its state.
    pub state: EnvironmentState,
    /// Its bytes on disk; `None` if it does not exist.
    pub bytes: Option<u64>,
    /// The free bytes on its disk, if the system reports them.
    pub free_bytes: Option<u64>,
    /// The bytes of a complete environment, as measured on Linux.
    pub size: u64,
    /// Every interpreter, in the order in which they are considered.
    pub interpreters: Vec<Interpreter>,
    /// The interpreter that was chosen in the settings.
    pub chosen: Option<String>,
    /// The path of the interpreter that runs are started with; `None` if none is usable, or `program` is
    /// set.
    pub used: Option<String>,
    /// The program that replaces Python and the worker.
    pub program: Option<String>,
    /// Why `used` is used, or why none is.
    pub why: String,
    /// What to do if none is.
    pub hint: Option<String>,
}

impl Python {
    /// Examines the environment and every interpreter.
    pub async fn report(&self) -> Result<EnvironmentReport> {
        let folder = self.places.managed()?.to_owned();
        let measured = blocking("measuring the environment", move || {
            let state = Managed(&folder).state(unpack::REQUIREMENTS);
            let ours = !matches!(state, EnvironmentState::Absent | EnvironmentState::Foreign);
            let bytes = ours.then(|| folder_size(&folder));
            Ok((folder.display().to_string(), state, bytes, disk::free(&folder)))
        });
        let (measured, interpreters) = tokio::join!(measured, self.interpreters());
        let ((folder, state, bytes, free_bytes), interpreters) = (measured?, interpreters?);
        let program = self.places.worker.as_ref().map(|program| program.display().to_string());
        let (used, why, hint) = match (&program, pick(&interpreters)) {
            (Some(program), _) => {
                (None, format!("FINE_TUNING_STUDIO_WORKER replaces Python by {program}."), None)
            }
            (None, Ok(used)) => (Some(used.path.clone()), reason(used), None),
            (None, Err(error)) => (None, error.message, error.hint),
        };
        let chosen = self.settings.read().python;
        let size = SIZE;
        Ok(EnvironmentReport {
            folder,
            state,
            bytes,
            free_bytes,
            size,
            interpreters,
            chosen,
            used,
            program,
            why,
            hint,
        })
    }

    /// Chooses an interpreter by its path or by the folder of its environment; `None` removes the choice.
    pub async fn choose(&self, python: Option<&str>) -> Result<()> {
        let python = match python {
            Some(path) => Some(self.choosable(path).await?),
            None => None,
        };
        self.settings.write(&Settings { python, ..self.settings.read() })
    }

    /// The path of an interpreter that answers. It may lack libraries, because they can be installed
    /// later.
    async fn choosable(&self, path: &str) -> Result<String> {
        let path = absolute(path.trim());
        let python = match Path::new(&path) {
            folder if folder.is_dir() => python_in(folder),
            file => file.to_owned(),
        };
        let found = self.probe_unfinished(&python, InterpreterSource::Chosen).await?;
        match found.problem {
            None => Ok(found.path),
            Some(problem) => {
                let message = format!("{} can't be used as Python. {problem}", found.path);
                let hint = "Choose the program itself, such as bin/python3, or the folder of an environment.";
                Err(Error::new(ErrorCode::Invalid, message).hint(hint).on("python"))
            }
        }
    }
}

fn reason(used: &Interpreter) -> String {
    match used.source {
        InterpreterSource::Chosen => "It was chosen in the settings.".to_owned(),
        InterpreterSource::Managed => "It is in the environment that this program created.".to_owned(),
        other => {
            format!("It is the first that has everything ({}).", other.label().to_lowercase())
        }
    }
}
