//! The report on Python for the settings, and the choice of another interpreter.

use std::path::Path;

use platform::{Settings, absolute};
use schema::{Error, ErrorCode, Result, TextEnum as _};
use serde::Serialize;

use crate::{
    EnvironmentKind, Interpreter, InterpreterSource, OwnEnvironment, Python, places::python_in, working::pick,
};

/// The interpreters of this machine and the program's own environments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EnvironmentReport {
    /// The environment for trainings and evaluations.
    #[serde(flatten)]
    pub own: OwnEnvironment,
    /// That for axolotl.
    pub axolotl: OwnEnvironment,
    /// The path of the interpreter that axolotl runs in; `None` if none has it, or `program` is set.
    pub axolotl_used: Option<String>,
    /// That for exports to GGUF.
    pub gguf: OwnEnvironment,
    /// The path of the interpreter that exports to GGUF run in; `None` if none can, or `program` is set.
    pub gguf_used: Option<String>,
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
        let (own, axolotl, gguf, interpreters) = tokio::join!(
            self.own_environment(EnvironmentKind::Training),
            self.own_environment(EnvironmentKind::Axolotl),
            self.own_environment(EnvironmentKind::Gguf),
            self.interpreters()
        );
        let (own, axolotl, gguf, interpreters) = (own?, axolotl?, gguf?, interpreters?);
        let program = self.places.worker.as_ref().map(|program| program.display().to_string());
        let (used, why, hint) = match (&program, pick(&interpreters)) {
            (Some(program), _) => {
                (None, format!("FINE_TUNING_STUDIO_WORKER replaces Python by {program}."), None)
            }
            (None, Ok(used)) => (Some(used.path.clone()), reason(used), None),
            (None, Err(error)) => (None, error.message, error.hint),
        };
        let chosen = self.settings.read().python;
        let (axolotl_used, gguf_used) = match &program {
            Some(_) => (None, None),
            None => (
                self.interpreter_for(EnvironmentKind::Axolotl).await?,
                self.interpreter_for(EnvironmentKind::Gguf).await?,
            ),
        };
        Ok(EnvironmentReport {
            own,
            axolotl,
            axolotl_used,
            gguf,
            gguf_used,
            interpreters,
            chosen,
            used,
            program,
            why,
            hint,
        })
    }

    /// The path of the interpreter that is used for this; `None` if none can be.
    async fn interpreter_for(&self, kind: EnvironmentKind) -> Result<Option<String>> {
        match self.working(kind).await {
            Ok(found) => Ok(Some(found.path)),
            Err(error) if error.code == ErrorCode::NoPython => Ok(None),
            Err(error) => Err(error),
        }
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
