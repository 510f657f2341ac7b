//! The interpreters on this machine, each named once.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use platform::blocking;
use schema::{Error, Result, text_enum};
use tokio::{sync::Semaphore, task::JoinSet};

use super::{Interpreter, Places, Python, places::python_in};

text_enum! {
    /// How an interpreter was found.
    pub enum InterpreterSource {
        /// It was chosen in the settings.
        Chosen = "chosen", "Chosen";
        /// It is that of the program's own environment.
        Managed = "managed", "Made by this program";
        /// A virtual environment is active.
        VirtualEnv = "virtual_env", "Active virtual environment";
        /// A conda environment is active.
        Conda = "conda", "Active conda environment";
        /// It is on the system's path.
        Path = "path", "On the path";
        /// pyenv installed it.
        Pyenv = "pyenv", "pyenv";
    }
}

/// An interpreter that was not asked yet.
pub(super) type Candidate = (PathBuf, InterpreterSource);

/// How many are asked at the same time.
const AT_ONCE: usize = 4;

impl Python {
    /// Every interpreter on this machine, with what it has: the chosen one first, then the
    /// program's own, then the others as the system would find them.
    pub async fn interpreters(&self) -> Result<Vec<Interpreter>> {
        self.asked(self.candidates().await?).await
    }

    /// Where interpreters are, each named once.
    pub(super) async fn candidates(&self) -> Result<Vec<Candidate>> {
        let (places, chosen) = (self.places.clone(), self.settings.read().python);
        blocking("looking for Python", move || Ok(candidates(&places, chosen.map(PathBuf::from)))).await
    }

    /// Asks all of these what they have, several at a time.
    pub(super) async fn asked(&self, candidates: Vec<Candidate>) -> Result<Vec<Interpreter>> {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let mut asked = JoinSet::new();
        for (place, (path, source)) in candidates.into_iter().enumerate() {
            let (python, turns) = (self.clone(), turns.clone());
            asked.spawn(async move {
                let _turn = turns.acquire().await;
                (place, python.probe(&path, source).await)
            });
        }
        let mut found = Vec::new();
        while let Some(answer) = asked.join_next().await {
            let (place, answer) =
                answer.map_err(|error| Error::internal("asking the Python interpreters", &error))?;
            found.push((place, answer?));
        }
        found.sort_by_key(|(place, _)| *place);
        Ok(found.into_iter().map(|(_, interpreter)| interpreter).collect())
    }
}

fn candidates(places: &Places, chosen: Option<PathBuf>) -> Vec<Candidate> {
    use InterpreterSource::{Chosen, Conda, Managed, Path, Pyenv, VirtualEnv};
    let environment = |folder: &Option<PathBuf>| folder.as_deref().map(python_in);
    let mut versions: Vec<PathBuf> =
        places.pyenv.iter().flat_map(|pyenv| entries(&pyenv.join("versions"))).collect();
    versions.sort_by_cached_key(|folder| std::cmp::Reverse(version(folder)));
    // What lies there starts one of the versions, whichever the folder it is started in asks for.
    let shims = places.pyenv.as_ref().map(|pyenv| pyenv.join("shims"));
    let on_path = places.path.iter().filter(|folder| folder.is_absolute() && Some(*folder) != shims.as_ref());
    let mut all: Vec<Candidate> = Vec::new();
    // A path that was set and isn't there is worth telling; the others are looked for.
    all.extend(chosen.map(|path| (path, Chosen)));
    let looked_for = environment(&places.managed)
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

/// The interpreters in a folder of programs: `python3`, `python` and `python3.11`, not
/// `python3-config`.
fn pythons(folder: &Path) -> Vec<PathBuf> {
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name = if cfg!(windows) { name.strip_suffix(".exe").unwrap_or(name) } else { name };
        let version = name.strip_prefix("python");
        version.is_some_and(|version| version.chars().all(|c| c.is_ascii_digit() || c == '.'))
    };
    let mut found: Vec<PathBuf> = entries(folder).filter(named).collect();
    // The plain names first: they are what the person means.
    found.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
    found
}

/// The numbers in the name of a folder of pyenv, to have the newest first.
fn version(folder: &Path) -> Vec<u32> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').filter_map(|part| part.parse().ok()).collect()
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

/// What makes an interpreter itself: the real folder it stands in and the real program. A virtual
/// environment links to the program of another, so the program alone does not tell.
fn identity(python: &Path) -> (PathBuf, PathBuf) {
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    (python.parent().map(real).unwrap_or_default(), real(python))
}
