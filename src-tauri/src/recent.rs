//! The recently opened databases, for the menu that opens another one. Nothing else depends on the
//! list, so its errors are only logged.

use std::path::{Path, PathBuf};

use studio::{
    Error, Result,
    platform::{AtomicFile, default_database},
};

const KEPT: usize = 8;

/// The paths of recently opened databases that still exist, the latest first.
pub(crate) fn list() -> Vec<String> {
    let stored = file().and_then(|file| std::fs::read_to_string(file).ok());
    let mut paths: Vec<String> = stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    paths.retain(|path| Path::new(path).is_file());
    paths
}

/// Puts a database first in the list.
pub(crate) fn add(path: &Path) {
    let path = path.display().to_string();
    let mut paths = list();
    paths.retain(|known| *known != path);
    paths.insert(0, path);
    paths.truncate(KEPT);
    if let Err(error) = store(&paths) {
        tracing::warn!("the list of recent databases was not saved: {error}");
    }
}

/// The file of the list, beside the default database.
fn file() -> Option<PathBuf> {
    default_database().ok()?.parent().map(|folder| folder.join("recent.json"))
}

fn store(paths: &[String]) -> Result<()> {
    let Some(file) = file() else { return Ok(()) };
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
    AtomicFile::write_all(&file, serde_json::json!(paths).to_string().as_bytes())
}
