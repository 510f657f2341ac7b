//! What a page of settings shows of Python, and how another one is chosen.

use std::path::Path;

use platform::{
    Settings, absolute, blocking,
    disk::{self, folder_size},
};
use schema::{Error, ErrorCode, Result, TextEnum as _};
use serde::Serialize;

use super::{
    EnvironmentState, Interpreter, InterpreterSource, Python, create, managed::Managed, pick,
    places::python_in, unpack,
};

/// Which Python there is on this machine, and which runs are started with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct EnvironmentReport {
    /// The folder of the program's own environment.
    pub folder: String,
    /// What has become of it.
    pub state: EnvironmentState,
    /// The bytes it takes on disk; `None` if it isn't there.
    pub bytes: Option<u64>,
    /// The bytes that are free where it is or would be, where the system tells.
    pub free_bytes: Option<u64>,
    /// The bytes it takes when it is complete, as measured on Linux.
    pub size: u64,
    /// Every interpreter that was found, in the order in which they are considered.
    pub interpreters: Vec<Interpreter>,
    /// The one that was chosen in the settings.
    pub chosen: Option<String>,
    /// The path of the one that runs are started with; `None` where none will do, or a program
    /// stands in its place.
    pub used: Option<String>,
    /// A program that the environment names to stand in the worker's place.
    pub program: Option<String>,
    /// Why that one is used, or why none is.
    pub why: String,
    /// What to do where none is.
    pub hint: Option<String>,
}

impl Python {
    /// What there is.
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
                (None, format!("The environment names {program} to be run in the place of Python."), None)
            }
            (None, Ok(used)) => (Some(used.path.clone()), reason(used), None),
            (None, Err(error)) => (None, error.message, error.hint),
        };
        let chosen = self.settings.read().python;
        let size = create::SIZE;
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

    /// Chooses an interpreter, by its path or that of its environment; `None` leaves the choice
    /// to the program.
    pub async fn choose(&self, python: Option<&str>) -> Result<()> {
        let python = match python {
            Some(path) => Some(self.choosable(path).await?),
            None => None,
        };
        self.settings.write(&Settings { python, ..self.settings.read() })
    }

    /// The path of an interpreter that can be asked. It may lack libraries: they can be installed
    /// later.
    async fn choosable(&self, path: &str) -> Result<String> {
        let path = absolute(path.trim());
        let python = match Path::new(&path) {
            folder if folder.is_dir() => python_in(folder),
            file => file.to_owned(),
        };
        let found = self.look_into(&python, InterpreterSource::Chosen).await?;
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
        InterpreterSource::Managed => "It is the environment that this program made.".to_owned(),
        other => {
            format!("It is the first that has everything ({}).", other.label().to_lowercase())
        }
    }
}
