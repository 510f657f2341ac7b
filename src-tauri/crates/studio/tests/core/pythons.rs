//! Places with Python interpreters that a test makes.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use studio::{
    platform::SettingsFile,
    python::{Places, Python},
};
use tempfile::TempDir;

/// What the worker needs, at some version.
pub(crate) const REQUIREMENTS: &str = "torch==2\ntransformers==5\npeft==1\ntrl==1\naccelerate==1\n\
                                       datasets==5\nmlflow==3\nrouge_score==1\nsafetensors==1\n";

/// A machine that has nothing but what a test puts there.
pub(crate) struct Machine {
    pub(crate) folder: TempDir,
    pub(crate) places: Places,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| Some(folder.path().join(name));
        let places = Places {
            managed: at("data/python"),
            data: at("data"),
            home: at("home"),
            pyenv: at("pyenv"),
            ..Places::default()
        };
        Self { folder, places }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn settings(&self) -> SettingsFile {
        SettingsFile::from_path(self.path("config/settings.json"))
    }

    pub(crate) fn python(&self) -> Python {
        Python::new(self.places.clone(), self.settings())
    }

    /// The same for one that does not answer: a test need not wait as long as a person.
    pub(crate) fn impatient(&self) -> Python {
        self.python().with_answer_timeout(Duration::from_millis(300))
    }

    /// A virtual environment with nothing in it.
    pub(crate) fn venv(&self, name: &str) -> PathBuf {
        let folder = self.path(name);
        let made =
            Command::new("python3").args(["-m", "venv", "--without-pip"]).arg(&folder).status().unwrap();
        assert!(made.success());
        folder
    }

    /// A program of the test's own.
    pub(crate) fn program(&self, name: &str, script: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }
}

/// Puts what is required into an environment, as far as metadata go.
pub(crate) fn fill(environment: &Path, requirements: &str) {
    for line in requirements.lines() {
        let (name, version) = line.split_once("==").unwrap();
        let folder = libraries(environment).join(format!("{name}-{version}.dist-info"));
        fs::create_dir_all(&folder).unwrap();
        let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        fs::write(folder.join("METADATA"), metadata).unwrap();
    }
}

fn libraries(environment: &Path) -> PathBuf {
    let version = fs::read_dir(environment.join("lib")).unwrap().next().unwrap().unwrap().path();
    version.join("site-packages")
}
