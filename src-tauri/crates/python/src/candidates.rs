//! Finds the interpreters on this machine.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use platform::blocking;
use schema::{Error, Result};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{EnvironmentKind, Interpreter, InterpreterSource, Places, Python, places::python_in};

/// The path of an interpreter that was not probed yet, and how it was found.
pub(crate) type Candidate = (PathBuf, InterpreterSource);

/// How many interpreters are probed at the same time.
const PARALLEL_PROBES: usize = 4;

impl Python {
    /// Every interpreter on this machine that trainings and evaluations may use: the chosen one first, then
    /// that of the program's own environment, then the others in the order in which a shell would find them.
    pub async fn interpreters(&self) -> Result<Vec<Interpreter>> {
        self.probe_all(self.candidates(EnvironmentKind::Training).await?).await
    }

    /// The paths of the interpreters that may be used for this, without duplicates.
    pub(crate) async fn candidates(&self, kind: EnvironmentKind) -> Result<Vec<Candidate>> {
        let (places, chosen) = (self.places.clone(), self.settings.read().python);
        let own = places.managed(kind).ok();
        blocking("looking for Python", move || Ok(candidates(&places, own, chosen.map(PathBuf::from)))).await
    }

    /// Probes all of these, [`PARALLEL_PROBES`] at a time.
    pub(crate) async fn probe_all(&self, candidates: Vec<Candidate>) -> Result<Vec<Interpreter>> {
        let permits = Arc::new(Semaphore::new(PARALLEL_PROBES));
        let mut probes = JoinSet::new();
        for (place, (path, source)) in candidates.into_iter().enumerate() {
            let (python, permits) = (self.clone(), permits.clone());
            probes.spawn(async move {
                let _permit = permits.acquire().await;
                (place, python.probe(&path, source).await)
            });
        }
        let mut found = Vec::new();
        while let Some(answer) = probes.join_next().await {
            let (place, answer) =
                answer.map_err(|error| Error::internal("asking the Python interpreters", &error))?;
            found.push((place, answer?));
        }
        found.sort_by_key(|(place, _)| *place);
        Ok(found.into_iter().map(|(_, interpreter)| interpreter).collect())
    }
}

fn candidates(places: &Places, own: Option<PathBuf>, chosen: Option<PathBuf>) -> Vec<Candidate> {
    use InterpreterSource::{Chosen, Conda, Managed, Path, Pyenv, VirtualEnv};
    let environment = |folder: &Option<PathBuf>| folder.as_deref().map(python_in);
    let mut versions: Vec<PathBuf> =
        places.pyenv.iter().flat_map(|pyenv| entries(&pyenv.join("versions"))).collect();
    versions.sort_by_cached_key(|folder| std::cmp::Reverse(version(folder)));
    // A shim starts one of the versions, depending on the working folder.
    let shims = places.pyenv.as_ref().map(|pyenv| pyenv.join("shims"));
    let on_path = places.path.iter().filter(|folder| folder.is_absolute() && Some(*folder) != shims.as_ref());
    let mut all: Vec<Candidate> = Vec::new();
    // A chosen path is kept even if the file does not exist, so that the report names the problem.
    all.extend(chosen.map(|path| (path, Chosen)));
    let looked_for = environment(&own)
        .map(|path| (path, Managed))
        .into_iter()
        .chain(environment(&places.virtual_env).map(|path| (path, VirtualEnv)))
        .chain(environment(&places.conda).map(|path| (path, Conda)))
        .chain(on_path.flat_map(|folder| pythons(folder)).map(|path| (path, Path)))
        .chain(versions.iter().map(|folder| (python_in(folder), Pyenv)));
    all.extend(looked_for.filter(|(path, _)| path.is_file()));
    let mut known = HashSet::new();
    all.retain(|(path, _)| known.insert(identity(path)));
    all
}

/// The interpreters in a folder of programs: `python`, `python3` and `python3.11`, not
/// `python3-config`. The shortest names come first.
fn pythons(folder: &Path) -> Vec<PathBuf> {
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name = if cfg!(windows) { name.strip_suffix(".exe").unwrap_or(name) } else { name };
        let version = name.strip_prefix("python");
        version.is_some_and(|version| version.chars().all(|c| c.is_ascii_digit() || c == '.'))
    };
    let mut found: Vec<PathBuf> = entries(folder).filter(named).collect();
    found.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
    found
}

/// The numbers in the name of a folder of pyenv.
fn version(folder: &Path) -> Vec<u32> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').filter_map(|part| part.parse().ok()).collect()
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

/// Identifies an interpreter: its folder and its program, both without links. The program alone is not
/// enough, because a virtual environment links to that of another interpreter.
fn identity(python: &Path) -> (PathBuf, PathBuf) {
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    (python.parent().map(real).unwrap_or_default(), real(python))
}
