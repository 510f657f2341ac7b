//! Paths as people write them.

use std::path::{Component, Path};

/// The absolute form of a path as a person gave it, `~` and relative paths included.
pub fn absolute(location: &str) -> String {
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
