//! The Python interpreters of this machine and the program's own environments.

use std::path::Path;

use studio::{
    Result,
    python::{Accelerator, EnvironmentKind, EnvironmentProgress, EnvironmentReport, Interpreter, Recipe},
};
use tauri::{State, ipc::Channel};

use crate::app_state::AppState;

/// The interpreters of this machine, and the one that runs use.
#[tauri::command]
#[specta::specta]
pub(crate) async fn environment_report(app: State<'_, AppState>) -> Result<EnvironmentReport> {
    app.python().report().await
}

/// The accelerators that PyTorch finds in an interpreter. The first answer takes seconds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accelerators(app: State<'_, AppState>, python: String) -> Result<Vec<Accelerator>> {
    app.python().accelerators(Path::new(&python)).await
}

/// Creates an environment of the program, or continues an unfinished one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create_environment(
    app: State<'_, AppState>,
    kind: EnvironmentKind,
    task: String,
    on_progress: Channel<EnvironmentProgress>,
) -> Result<Interpreter> {
    let create = async |work| app.python().create_environment(&Recipe::new(kind), &work).await;
    app.run(task, on_progress, create).await
}

/// Removes an environment of the program. While no workspace is open, no run needs it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_environment(app: State<'_, AppState>, kind: EnvironmentKind) -> Result<()> {
    match app.studio().await {
        Ok(studio) => studio.environment().remove(kind).await,
        Err(_) => app.python().remove_environment(kind).await,
    }
}

/// Chooses an interpreter by its path or the folder of its environment; `None` leaves the choice to the
/// program.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_python(app: State<'_, AppState>, python: Option<String>) -> Result<()> {
    app.python().choose(python.as_deref()).await
}
