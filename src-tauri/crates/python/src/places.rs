//! Where Python may be on this machine, and where the program keeps its own.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use platform::absolute;
use schema::{Error, ErrorCode, Result};

/// Names the folder of the program's own environment.
const ENVIRONMENT_VARIABLE: &str = "FINE_TUNING_STUDIO_ENVIRONMENT";

/// Names a program to run in the place of Python with the worker.
const WORKER_VARIABLE: &str = "FINE_TUNING_STUDIO_WORKER";

/// Where Python may be, and where the program keeps its own environment. What is `None` or empty
/// is looked for nowhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The folder of the program's own environment, there or not.
    pub managed: Option<PathBuf>,
    /// The folder for application data, for the unpacked worker.
    pub data: Option<PathBuf>,
    /// The program to run in the place of Python with the worker.
    pub worker: Option<PathBuf>,
    /// The virtual environment that is active.
    pub virtual_env: Option<PathBuf>,
    /// The conda environment that is active.
    pub conda: Option<PathBuf>,
    /// The folders in which the system looks for programs.
    pub path: Vec<PathBuf>,
    /// The folder of pyenv.
    pub pyenv: Option<PathBuf>,
    /// The person's home.
    pub home: Option<PathBuf>,
}

impl Places {
    /// Those that the environment of this process names.
    pub fn of_process() -> Self {
        let folder = |name: &str| set(name).map(|path| PathBuf::from(absolute(&path.to_string_lossy())));
        let base = directories::BaseDirs::new();
        let home = base.as_ref().map(|base| base.home_dir().to_owned());
        let data = directories::ProjectDirs::from("", "", "fine-tuning-studio")
            .map(|folders| folders.data_local_dir().to_owned());
        Self {
            managed: folder(ENVIRONMENT_VARIABLE).or_else(|| data.as_ref().map(|data| data.join("python"))),
            worker: folder(WORKER_VARIABLE),
            virtual_env: folder("VIRTUAL_ENV"),
            conda: folder("CONDA_PREFIX"),
            path: set("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default(),
            pyenv: folder("PYENV_ROOT").or_else(|| home.as_ref().map(|home| home.join(".pyenv"))),
            data,
            home,
        }
    }

    pub(super) fn data(&self) -> Result<&Path> {
        self.data.as_deref().ok_or_else(no_folder)
    }

    /// The folder of the environment that the program makes for itself; an error where the system
    /// has no folder for application data.
    pub fn managed(&self) -> Result<&Path> {
        self.managed.as_deref().ok_or_else(no_folder)
    }
}

/// The interpreter of a virtual environment.
pub(super) fn python_in(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

fn set(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn no_folder() -> Error {
    Error::new(ErrorCode::File, "This system has no folder for application data.")
        .hint(format!("Name a folder for the Python environment in {ENVIRONMENT_VARIABLE}."))
}
