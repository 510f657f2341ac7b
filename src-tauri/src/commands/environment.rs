//! Python: what there is, and the environment that the program makes for itself.

use std::path::Path;

use studio::{
    Result,
    python::{Accelerator, EnvironmentProgress, EnvironmentReport, Interpreter},
};
use tauri::{State, ipc::Channel};

use crate::desk::Desk;

/// Which Python there is on this machine, and which runs are started with.
#[tauri::command]
#[specta::specta]
pub(crate) async fn environment_report(desk: State<'_, Desk>) -> Result<EnvironmentReport> {
    desk.studio().await?.python().report().await
}

/// What an interpreter finds to compute on. The first answer takes seconds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accelerators(desk: State<'_, Desk>, python: String) -> Result<Vec<Accelerator>> {
    desk.studio().await?.python().accelerators(Path::new(&python)).await
}

/// Makes the program's own environment, or goes on with one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create_environment(
    desk: State<'_, Desk>,
    task: String,
    on_progress: Channel<EnvironmentProgress>,
) -> Result<Interpreter> {
    let studio = desk.studio().await?;
    desk.run(task, on_progress, async |work| studio.environment().create(&work).await).await
}

/// Removes the program's own environment.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_environment(desk: State<'_, Desk>) -> Result<()> {
    desk.studio().await?.environment().remove().await
}

/// Chooses an interpreter, by its path or that of its environment; none leaves the choice to the
/// program.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_python(desk: State<'_, Desk>, python: Option<String>) -> Result<()> {
    desk.studio().await?.python().choose(python.as_deref()).await
}
