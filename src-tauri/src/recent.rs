//! The studios opened lately, for the menu that opens another. Losing the list loses nothing
//! else, so its failures are only logged.

use std::path::{Path, PathBuf};

use studio::{AtomicFile, Error, Result, store::default_database};

const KEPT: usize = 8;

/// Paths of studios opened lately that are still there, the latest first.
pub(crate) fn list() -> Vec<String> {
    let stored = file().and_then(|file| std::fs::read_to_string(file).ok());
    let mut paths: Vec<String> = stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    paths.retain(|path| Path::new(path).is_file());
    paths
}

/// Puts a studio first in the list.
pub(crate) fn remember(path: &Path) {
    let path = path.display().to_string();
    let mut paths = list();
    paths.retain(|known| *known != path);
    paths.insert(0, path);
    paths.truncate(KEPT);
    if let Err(error) = store(&paths) {
        tracing::warn!("the list of recent studios was not kept: {error}");
    }
}

/// Beside the default database, wherever that is.
fn file() -> Option<PathBuf> {
    default_database().ok()?.parent().map(|folder| folder.join("recent.json"))
}

fn store(paths: &[String]) -> Result<()> {
    let Some(file) = file() else { return Ok(()) };
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
    AtomicFile::write_all(&file, serde_json::json!(paths).to_string().as_bytes())
}
