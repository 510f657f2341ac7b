//! Lays an environment over another: it finds the packages of both, and only its own change.

use std::{path::Path, process::Command, time::Duration};

use schema::{Error, ErrorCode, Result};

use crate::{managed::Managed, process};

/// Prints the folders that packages are installed in, as a JSON list.
const FOLDERS: &str = "import json, sys; print(json.dumps([folder for folder in sys.path \
                       if folder.endswith(('site-packages', 'dist-packages'))]))";

/// Writes the file that adds these folders, which are given as a JSON list, to those of the interpreter.
/// `addsitedir` also follows the `.pth` files there, which a plain line with a path would not.
const ADD: &str = "import json, pathlib, sys, sysconfig; \
                   folders = '; '.join(f'site.addsitedir({folder!r})' for folder in json.loads(sys.argv[1])); \
                   pathlib.Path(sysconfig.get_path('purelib'), 'fine-tuning-studio.pth')\
                   .write_text(f'import site; {folders}\\n', encoding='utf-8')";

/// Lets the interpreter of an environment import the packages of another interpreter of the same version.
pub(crate) async fn lay_over(managed: Managed<'_>, below: &Path, limit: Duration) -> Result<()> {
    let folders = answer(below, &[FOLDERS], limit).await?;
    answer(&managed.python(), &[ADD, folders.trim()], limit).await.map(drop)
}

/// What an interpreter prints for a piece of code and its arguments.
async fn answer(python: &Path, code: &[&str], limit: Duration) -> Result<String> {
    let mut command = Command::new(python);
    command.arg("-c").args(code).env_remove("PYTHONPATH").env_remove("PYTHONHOME");
    match process::output(command, limit).await {
        Ok(Some(answer)) if answer.success => Ok(String::from_utf8_lossy(&answer.stdout).into_owned()),
        Ok(Some(answer)) => Err(failed(python, answer.stderr.lines().last().unwrap_or_default())),
        Ok(None) => Err(failed(python, "it did not answer in time")),
        Err(error) => Err(failed(python, &error.to_string())),
    }
}

fn failed(python: &Path, why: &str) -> Error {
    let message = format!("The packages of the environment that trains could not be added: {why}");
    Error::new(ErrorCode::NoPython, message).hint(format!("Look whether {} starts.", python.display()))
}
