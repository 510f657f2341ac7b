//! Rules about places: folders and files on disk, names on the Hugging Face Hub.

use std::path::{Component, Path};

use crate::{hub, schema::Check};

/// The absolute form of a path as a person gave it, `~` and relative paths included.
pub(crate) fn absolute(location: &str) -> String {
    let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf());
    let path = match (location.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => Path::new(location).to_path_buf(),
    };
    // `..` is only followed where it can be looked up: behind a link it is not the folder above.
    let followed = match path.components().any(|part| part == Component::ParentDir) {
        true => path.canonicalize(),
        false => std::path::absolute(&path),
    };
    followed.or_else(|_| std::path::absolute(&path)).unwrap_or(path).display().to_string()
}

/// Refuses a location that is not a folder.
pub(super) fn check_folder(check: &mut Check<'_>, column: &str, location: Option<&str>) {
    let Some(location) = location.filter(|_| check.touches(&[column])) else { return };
    let path = Path::new(location);
    if !path.exists() {
        check.refuse(column, format!("The folder {location} does not exist."));
    } else if !path.is_dir() {
        check.refuse(column, format!("{location} is a file; a folder is needed."));
    }
}

/// Refuses what can't be a repository's name on the hub.
pub(super) fn check_hub_name(check: &mut Check<'_>, column: &str, name: Option<&str>) {
    let Some(name) = name.filter(|_| check.touches(&[column])) else { return };
    if !hub::is_name(name) {
        check.refuse(
            column,
            format!("'{name}' is not a hub name. Write it as organisation/name, without the address."),
        );
    }
}
