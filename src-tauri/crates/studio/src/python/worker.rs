//! The command that starts the worker.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

/// What is run as the worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WorkerCommand {
    /// The worker's package, by an interpreter that has what it imports.
    Python {
        /// The interpreter.
        python: PathBuf,
        /// The folder with the package.
        worker_path: PathBuf,
    },
    /// A program that takes the same arguments: somebody's own launcher.
    Program(PathBuf),
}

impl WorkerCommand {
    /// The command with these arguments to the worker, not started yet.
    #[cfg_attr(not(test), expect(dead_code, reason = "starting runs comes next"))]
    pub(crate) fn command(&self, arguments: &[&OsStr]) -> Command {
        let mut command = match self {
            Self::Python { python, worker_path } => in_python(python, worker_path),
            Self::Program(program) => Command::new(program),
        };
        command.args(arguments);
        command
    }
}

/// The worker's package in an interpreter. Output is unbuffered, so that what it says is seen
/// when it says it.
pub(super) fn in_python(python: &Path, worker_path: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-u", "-m", "fine_tuning_worker"]);
    // Not added to the person's own: a module there could stand before one of the libraries.
    command.env("PYTHONPATH", worker_path).env_remove("PYTHONHOME");
    command
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, ffi::OsStr};

    use super::WorkerCommand;
    use crate::{
        Studio,
        hub::{Environment, Hub, Keyring},
        python::{Places, Python},
        settings::{Settings, SettingsFile},
    };

    async fn studio(folder: &std::path::Path, token: &str, places: Places) -> Studio {
        let settings = SettingsFile::at(folder.join("settings.json"));
        let variables = [("HF_HOME", folder.display().to_string()), ("HF_TOKEN", token.to_owned())];
        let hub =
            Hub::new(Environment::of(variables), settings.clone(), Keyring::new("fine-tuning-studio tests"));
        let studio = Studio::open_with(&folder.join("studio.db"), hub).await.unwrap();
        studio.with_python(Python::new(places, settings))
    }

    #[tokio::test]
    async fn a_program_stands_in_the_place_of_python() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places { worker: Some("/opt/launcher".into()), ..Places::default() };
        let studio = studio(folder.path(), "", places).await;
        let worker = studio.worker().await.unwrap();
        assert_eq!(worker, WorkerCommand::Program("/opt/launcher".into()));
        let command = worker.command(&[OsStr::new("run"), OsStr::new("/run")]);
        assert_eq!(command.get_program(), "/opt/launcher");
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["run", "/run"]);
        assert_eq!(studio.worker_accelerators().await.unwrap(), []);
    }

    #[test]
    fn python_runs_the_package_from_where_it_was_unpacked() {
        let worker =
            WorkerCommand::Python { python: "/venv/bin/python".into(), worker_path: "/data/w".into() };
        let command = worker.command(&[OsStr::new("serve")]);
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["-u", "-m", "fine_tuning_worker", "serve"]);
        let path = command.get_envs().find(|(name, _)| *name == "PYTHONPATH").unwrap().1;
        assert_eq!(path, Some(OsStr::new("/data/w")));
    }

    #[test]
    fn the_package_is_unpacked_once_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places { data: Some(folder.path().join("data")), ..Places::default() };
        let python = Python::new(places, SettingsFile::at(folder.path().join("settings.json")));
        let path = python.worker_path().unwrap();
        assert!(path.join("fine_tuning_worker/__main__.py").is_file());
        std::fs::write(path.join("touched"), "").unwrap();
        assert_eq!(python.worker_path().unwrap(), path);
        assert!(path.join("touched").is_file());
        let all: Vec<_> = std::fs::read_dir(folder.path().join("data/worker")).unwrap().collect();
        assert_eq!(all.len(), 1);
    }

    #[tokio::test]
    async fn a_worker_reaches_the_hub_as_the_studio_does_and_the_token_shows_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let studio = studio(folder.path(), "hf_secret", Places::default()).await;
        let variables = studio.worker_environment().await.unwrap();
        let told = format!("{variables:?}");
        assert!(told.contains("HF_TOKEN") && !told.contains("hf_secret"), "{told}");
        let variables: HashMap<_, _> = variables.into_iter().collect();
        assert_eq!(variables["HF_TOKEN"], "hf_secret");
        assert_eq!(variables["HF_ENDPOINT"], "https://huggingface.co");
        assert_eq!(variables["HF_HUB_DISABLE_TELEMETRY"], "1");
        assert!(!variables.contains_key("HF_HUB_OFFLINE"));

        studio.hub().set(&Settings { offline: true, ..Settings::default() }).unwrap();
        let offline: HashMap<_, _> = studio.worker_environment().await.unwrap().into_iter().collect();
        assert_eq!(offline["HF_HUB_OFFLINE"], "1");
        assert!(!offline.contains_key("HF_TOKEN"));
    }
}
