//! What one interpreter has of what the worker needs. It is asked by running the worker in it.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};

use super::{InterpreterSource, Python, managed::Managed, process, worker::in_python};

/// A device that training can run on, beside the processor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Accelerator {
    /// What it is to PyTorch: `cuda` or `mps`.
    pub kind: String,
    /// What its maker calls it.
    pub name: String,
    /// Its own memory, where that is known.
    #[serde(default)]
    pub memory_bytes: Option<u64>,
    /// Whether it computes in bfloat16 by itself; NVIDIA's do since 2020.
    #[serde(default)]
    pub bfloat16: bool,
    /// Whether models can be quantised on it: a matter of its kind, and of the package for it.
    #[serde(default)]
    pub quantizes: bool,
}

/// A Python program on this machine, and what it has of what training needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Interpreter {
    /// The program.
    pub path: String,
    /// How it was found.
    pub source: InterpreterSource,
    /// The version of Python; `None` if it did not answer.
    pub version: Option<String>,
    /// The libraries looked for, each with its version where it is there.
    pub packages: BTreeMap<String, Option<String>>,
    /// The libraries that training needs and that are not there.
    pub missing: Vec<String>,
    /// Why it can't be used at all, if it can't.
    pub problem: Option<String>,
}

impl Interpreter {
    /// Whether it can run the worker.
    pub fn complete(&self) -> bool {
        self.problem.is_none() && self.missing.is_empty()
    }

    /// Its version as far as languages differ by it.
    pub(super) fn number(&self) -> Option<Number> {
        number(self.version.as_deref()?)
    }
}

/// The oldest Python that runs the worker and its libraries.
pub(super) const OLDEST: Number = (3, 11);

/// Major and minor.
pub(super) type Number = (u32, u32);

fn number(version: &str) -> Option<Number> {
    let mut parts = version.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

/// What the worker says of the interpreter it runs in.
#[derive(Debug, Deserialize)]
struct Probe {
    python: String,
    #[serde(default)]
    packages: BTreeMap<String, Option<String>>,
    missing: Vec<String>,
    #[serde(default)]
    accelerators: Vec<Accelerator>,
}

/// An interpreter, and when its libraries last changed.
type Moment = (PathBuf, Option<SystemTime>);

/// What interpreters said, kept until their libraries change: every plan of a training asks, and
/// to say what there is to compute on imports PyTorch, which takes seconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    has: Known<Interpreter>,
    accelerators: Known<Vec<Accelerator>>,
}

type Known<T> = Arc<Mutex<HashMap<Moment, T>>>;

fn known<T: Clone>(of: &Known<T>, key: &Moment) -> Option<T> {
    of.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
}

fn keep<T>(of: &Known<T>, key: Moment, value: T) {
    of.lock().unwrap_or_else(PoisonError::into_inner).insert(key, value);
}

impl Python {
    /// Asks an interpreter what it has. What is wrong with it is in the answer; an error is one of
    /// this program.
    pub(super) async fn probe(&self, python: &Path, source: InterpreterSource) -> Result<Interpreter> {
        let mut found = self.look_into(python, source).await?;
        let managed = self.places.managed.as_deref().map(Managed);
        if managed.is_some_and(|managed| managed.python() == python && !managed.finished()) {
            // A library that is there may still lack one that it needs.
            found.problem = Some("It is not complete: create the environment again to continue.".to_owned());
        }
        Ok(found)
    }

    /// The same, finished or not.
    pub(super) async fn look_into(&self, python: &Path, source: InterpreterSource) -> Result<Interpreter> {
        let key = (python.to_owned(), libraries_changed(python));
        if let Some(said) = known(&self.said.has, &key) {
            return Ok(Interpreter { source, ..said });
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
        let mut found = match self.ask(python, &["probe", "--no-accelerators"], 1).await? {
            Ok(Probe { python: version, packages, missing, .. }) => {
                Interpreter { version: Some(version), packages, missing, ..unknown }
            }
            Err(problem) => {
                Interpreter { version: self.version(python).await, problem: Some(problem), ..unknown }
            }
        };
        if found.number().is_some_and(|number| number < OLDEST) {
            found.problem =
                Some(format!("It is too old: Python {}.{} or newer is needed.", OLDEST.0, OLDEST.1));
        }
        // What went wrong may go right the next time.
        if found.problem.is_none() {
            keep(&self.said.has, key, found.clone());
        }
        Ok(found)
    }

    /// What one that can't run the worker says of itself.
    async fn version(&self, python: &Path) -> Option<String> {
        let mut command = std::process::Command::new(python);
        command.arg("--version");
        let answer = process::ask(command, self.patience).await.ok()??;
        // Python 2 says it on standard error.
        let said = [String::from_utf8_lossy(&answer.out).as_ref(), &answer.err].concat();
        said.trim().strip_prefix("Python ").filter(|version| number(version).is_some()).map(str::to_owned)
    }

    /// What an interpreter finds to compute on beside the processor. The first answer takes
    /// seconds, and is kept until its libraries change.
    pub async fn accelerators(&self, python: &Path) -> Result<Vec<Accelerator>> {
        let key = (python.to_owned(), libraries_changed(python));
        if let Some(found) = known(&self.said.accelerators, &key) {
            return Ok(found);
        }
        // The first import of PyTorch after a start of the machine reads gigabytes.
        let found = self.ask(python, &["probe"], 6).await?.map_err(|problem| {
            let message = format!("{} did not report its devices. {problem}", python.display());
            Error::new(ErrorCode::NoPython, message).hint("Choose another Python in Settings → Python.")
        })?;
        keep(&self.said.accelerators, key, found.accelerators.clone());
        Ok(found.accelerators)
    }

    /// Runs the worker's probe; a sentence where it gives no answer.
    async fn ask(&self, python: &Path, arguments: &[&str], times: u32) -> Result<Result<Probe, String>> {
        let folder = self.worker_path()?;
        let mut command = in_python(python, &folder);
        // Python looks for modules in the folder it is started in, too.
        command.args(arguments).current_dir(&folder);
        let patience = self.patience * times;
        Ok(match process::ask(command, patience).await {
            Err(error) => Err(format!("It can't be started: {error}.")),
            Ok(None) => Err(format!("It did not answer within {} seconds.", patience.as_secs_f32())),
            Ok(Some(answer)) => serde_json::from_slice(&answer.out).map_err(|_| {
                // The last line of a traceback is the one that says what happened.
                let words = answer.err.lines().rfind(|line| !line.trim().is_empty());
                match words.map(|line| line.trim().chars().take(300).collect::<String>()) {
                    Some(words) => format!("It stopped with: {words}"),
                    None if answer.success => "Its answer can't be parsed.".to_owned(),
                    None => "It stopped without a message.".to_owned(),
                }
            }),
        })
    }
}

/// When something was last installed for an interpreter, as far as folders tell.
fn libraries_changed(python: &Path) -> Option<SystemTime> {
    let prefix = python.parent()?.parent()?;
    let lib = prefix.join(if cfg!(windows) { "Lib" } else { "lib" });
    let versions = std::fs::read_dir(&lib).ok()?.flatten().map(|entry| entry.path().join("site-packages"));
    versions
        .chain([lib.join("site-packages")])
        .filter_map(|folder| std::fs::metadata(folder).ok()?.modified().ok())
        .max()
}
