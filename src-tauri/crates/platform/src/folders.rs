//! The folders that the platform gives to this program and its user. `None` where it gives none.

use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

/// The name of the program's folders.
const NAME: &str = "fine-tuning-studio";

/// The user's home folder.
pub fn home() -> Option<PathBuf> {
    Some(BaseDirs::new()?.home_dir().to_owned())
}

/// The folder for settings.
pub fn config() -> Option<PathBuf> {
    Some(program()?.config_dir().to_owned())
}

/// The folder for data. On Windows, a user's data follow them to other machines.
pub fn data() -> Option<PathBuf> {
    Some(program()?.data_dir().to_owned())
}

/// The folder for data of this machine.
pub fn local_data() -> Option<PathBuf> {
    Some(program()?.data_local_dir().to_owned())
}

/// The folder for logs.
///
/// - Linux: `$XDG_STATE_HOME/fine-tuning-studio`, by default `~/.local/state/fine-tuning-studio`
/// - macOS: `~/Library/Logs/fine-tuning-studio`
/// - Windows: `%LOCALAPPDATA%\fine-tuning-studio\data\logs`
pub fn logs() -> Option<PathBuf> {
    if cfg!(target_os = "macos") {
        return Some(home()?.join("Library/Logs").join(NAME));
    }
    let folders = program()?;
    Some(folders.state_dir().map_or_else(|| folders.data_local_dir().join("logs"), Path::to_path_buf))
}

fn program() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", NAME)
}
