//! The program itself: what it contains, and what someone who helps needs to know.

use std::path::PathBuf;

use studio::{Error, Result};
use tauri::State;

use crate::{app_state::AppState, opened::Opened};

/// The file with the licenses, as `cargo xtask package` names it.
const NOTICES: &str = "third-party.txt";

/// The folder in which the bundler puts files that go with the program, on systems where it is used.
pub(crate) struct Resources(pub(crate) Option<PathBuf>);

/// The licenses and notices of everything that the program contains. `None` where they were not installed with it,
/// as in a build for development.
#[tauri::command]
#[specta::specta]
pub(crate) async fn third_party_notices(resources: State<'_, Resources>) -> Result<Option<String>> {
    // Beside the programs of a Linux package, and where the bundler puts files on other systems.
    let installed = std::env::current_exe().ok().and_then(|program| {
        Some(program.parent()?.parent()?.join("share/doc/fine-tuning-studio").join(NOTICES))
    });
    let bundled = resources.0.as_ref().map(|folder| folder.join(NOTICES));
    let Some(path): Option<PathBuf> = [installed, bundled].into_iter().flatten().find(|path| path.is_file())
    else {
        return Ok(None);
    };
    tokio::fs::read_to_string(&path).await.map(Some).map_err(|error| Error::file("read", &path, &error))
}

/// Versions and the end of the log, without secrets.
#[tauri::command]
#[specta::specta]
pub(crate) async fn diagnostics(app: State<'_, AppState>) -> Result<String> {
    let web_view = tauri::webview_version().unwrap_or_else(|_| "unknown".to_owned());
    let studio = app.studio().await.ok();
    studio::diagnostics(studio.as_ref(), &[("Web view", web_view)]).await
}

/// The file that was opened with the program and not taken yet.
#[tauri::command]
#[specta::specta]
pub(crate) fn take_opened_file(opened: State<'_, Opened>) -> Option<String> {
    opened.take().map(|path| path.display().to_string())
}
