//! Where interpreters may be, and the folder of the program's own environment.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use platform::{absolute, folders};
use schema::{Error, ErrorCode, Result};

use crate::EnvironmentKind;

/// Names the folder of the program's own environment.
const ENVIRONMENT_VARIABLE: &str = "FINE_TUNING_STUDIO_ENVIRONMENT";

/// Names a program that replaces Python and the worker.
const WORKER_VARIABLE: &str = "FINE_TUNING_STUDIO_WORKER";

/// Where interpreters may be, and the folder of the program's own environment. Places that are `None`
/// or empty are not searched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The folder of the program's own environment, which need not exist. Those of axolotl and for GGUF are
    /// the folders beside it whose names end in `-axolotl` and `-gguf`.
    pub managed: Option<PathBuf>,
    /// The folder for application data, for the unpacked worker.
    pub data: Option<PathBuf>,
    /// The program that replaces Python and the worker.
    pub worker: Option<PathBuf>,
    /// The active virtual environment.
    pub virtual_env: Option<PathBuf>,
    /// The active conda environment.
    pub conda: Option<PathBuf>,
    /// The folders of `PATH`.
    pub path: Vec<PathBuf>,
    /// The folder of pyenv.
    pub pyenv: Option<PathBuf>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
}

impl Places {
    /// The places that the environment variables of this process name.
    pub fn from_variables() -> Self {
        let folder = |name: &str| set(name).map(|path| PathBuf::from(absolute(&path.to_string_lossy())));
        let (home, data) = (folders::home(), folders::local_data());
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

    /// The folder of an environment of the program, whether or not it exists; an error if the system has
    /// no folder for application data.
    pub fn managed(&self, kind: EnvironmentKind) -> Result<PathBuf> {
        let folder = self.managed.as_deref().ok_or_else(no_folder)?;
        Ok(match kind {
            EnvironmentKind::Training => folder.to_owned(),
            EnvironmentKind::Axolotl | EnvironmentKind::Gguf => {
                let name = folder.file_name().unwrap_or_default().to_string_lossy();
                folder.with_file_name(format!("{name}-{kind}"))
            }
        })
    }
}

/// The interpreter of a virtual environment.
pub(super) fn python_in(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// The value of a variable that is set and not empty.
fn set(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn no_folder() -> Error {
    Error::new(ErrorCode::File, "This system has no folder for application data.")
        .hint(format!("Set a folder for the Python environment in {ENVIRONMENT_VARIABLE}."))
}
