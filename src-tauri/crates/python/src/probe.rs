//! Asks an interpreter for its version, its libraries and its accelerators by running the worker in it.

use std::{collections::BTreeMap, path::Path};

use schema::{Error, ErrorCode, Result, TextEnum as _};
use serde::Deserialize;

use crate::{
    Accelerator, EnvironmentKind, Interpreter, InterpreterSource, Python,
    interpreter::{OLDEST, minor_version},
    managed::Managed,
    probe_cache::key,
    process,
    worker::in_python,
};

/// The output of the worker's command `probe`.
#[derive(Debug, Deserialize)]
struct Probe {
    python: String,
    #[serde(default)]
    packages: BTreeMap<String, Option<String>>,
    missing: Vec<String>,
    #[serde(default)]
    accelerators: Vec<Accelerator>,
}

impl Python {
    /// Runs the worker's probe in an interpreter. A fault of the interpreter is in
    /// [`Interpreter::problem`]; an error is a fault of this program.
    pub(crate) async fn probe(&self, python: &Path, source: InterpreterSource) -> Result<Interpreter> {
        let mut found = self.probe_unfinished(python, source).await?;
        let unfinished = |kind: &EnvironmentKind| {
            self.places.managed(*kind).is_ok_and(|folder| {
                let managed = Managed(&folder);
                managed.python() == python && !managed.finished()
            })
        };
        if EnvironmentKind::ALL.iter().any(unfinished) {
            // A library may be installed while one that it imports is not.
            found.problem = Some("It is not complete: create the environment again to continue.".to_owned());
        }
        Ok(found)
    }

    /// Like [`Self::probe`], but an unfinished environment is no problem.
    pub(crate) async fn probe_unfinished(
        &self,
        python: &Path,
        source: InterpreterSource,
    ) -> Result<Interpreter> {
        let key = key(python);
        if let Some(known) = self.probes.interpreters.get(&key) {
            return Ok(Interpreter { source, ..known });
        }
        let path = python.display().to_string();
        let unknown = Interpreter {
            path,
            source,
            version: None,
            packages: BTreeMap::new(),
            missing: Vec::new(),
            problem: None,
        };
        let mut found = match self.run_probe(python, &["probe", "--no-accelerators"], 1).await? {
            Ok(Probe { python: version, packages, missing, .. }) => {
                Interpreter { version: Some(version), packages, missing, ..unknown }
            }
            Err(problem) => {
                Interpreter { version: self.version(python).await, problem: Some(problem), ..unknown }
            }
        };
        if found.minor_version().is_some_and(|version| version < OLDEST) {
            found.problem =
                Some(format!("It is too old: Python {}.{} or newer is needed.", OLDEST.0, OLDEST.1));
        }
        // A problem may be gone the next time.
        if found.problem.is_none() {
            self.probes.interpreters.insert(key, found.clone());
        }
        Ok(found)
    }

    /// The version of an interpreter that can't run the worker.
    async fn version(&self, python: &Path) -> Option<String> {
        let mut command = std::process::Command::new(python);
        command.arg("--version");
        let answer = process::output(command, self.answer_timeout).await.ok()??;
        // Python 2 prints it on standard error.
        let printed = [String::from_utf8_lossy(&answer.stdout).as_ref(), &answer.stderr].concat();
        printed
            .trim()
            .strip_prefix("Python ")
            .filter(|version| minor_version(version).is_some())
            .map(str::to_owned)
    }

    /// The accelerators that PyTorch finds in an interpreter. The first answer takes seconds; it is kept
    /// until the interpreter's libraries change.
    pub async fn accelerators(&self, python: &Path) -> Result<Vec<Accelerator>> {
        let key = key(python);
        if let Some(found) = self.probes.accelerators.get(&key) {
            return Ok(found);
        }
        // The first import of PyTorch after the machine started reads gigabytes.
        let found = self.run_probe(python, &["probe"], 6).await?.map_err(|problem| {
            let message = format!("{} did not report its devices. {problem}", python.display());
            Error::new(ErrorCode::NoPython, message).hint("Choose another Python in Settings → Python.")
        })?;
        self.probes.accelerators.insert(key, found.accelerators.clone());
        Ok(found.accelerators)
    }

    /// Runs the worker's probe for at most `factor` times the usual limit. The inner error is a sentence
    /// about the interpreter.
    async fn run_probe(
        &self,
        python: &Path,
        arguments: &[&str],
        factor: u32,
    ) -> Result<Result<Probe, String>> {
        let folder = self.worker_folder()?;
        let mut command = in_python(python, &folder);
        // Python also imports modules from its working folder.
        command.args(arguments).current_dir(&folder);
        let limit = self.answer_timeout * factor;
        Ok(match process::output(command, limit).await {
            Err(error) => Err(format!("It can't be started: {error}.")),
            Ok(None) => Err(format!("It did not answer within {} seconds.", limit.as_secs_f32())),
            Ok(Some(answer)) => serde_json::from_slice(&answer.stdout).map_err(|_| {
                // The last line of a traceback names the exception.
                let last = answer.stderr.lines().rfind(|line| !line.trim().is_empty());
                match last.map(|line| line.trim().chars().take(300).collect::<String>()) {
                    Some(line) => format!("It stopped with: {line}"),
                    None if answer.success => "Its answer can't be parsed.".to_owned(),
                    None => "It stopped without a message.".to_owned(),
                }
            }),
        })
    }
}
