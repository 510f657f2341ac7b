//! Paths as users write them.

use std::path::{Component, Path};

use crate::folders;

/// The absolute form of a path. A leading `~/` stands for the home folder.
pub fn absolute(location: &str) -> String {
    let path = match (location.strip_prefix("~/"), folders::home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => Path::new(location).to_path_buf(),
    };
    // Only the file system can resolve `..`: after a link it is not the folder above the link.
    let resolved = match path.components().any(|part| part == Component::ParentDir) {
        true => path.canonicalize(),
        false => std::path::absolute(&path),
    };
    resolved.or_else(|_| std::path::absolute(&path)).unwrap_or(path).display().to_string()
}
