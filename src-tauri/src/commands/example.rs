//! The example workspace.

use studio::{
    Result,
    platform::example_folder,
    store::{Deleted, Dependents, Example, TableCount},
};
use tauri::State;

use crate::app_state::AppState;

/// Which rows of the example workspace exist.
#[tauri::command]
#[specta::specta]
pub(crate) async fn example(app: State<'_, AppState>) -> Result<Example> {
    app.studio().await?.example().state().await
}

/// Adds the missing rows of the example workspace.
#[tauri::command]
#[specta::specta]
pub(crate) async fn load_example(app: State<'_, AppState>) -> Result<Vec<TableCount>> {
    app.studio().await?.example().load(&example_folder()?).await
}

/// Deletes the example workspace, with or without the rows that were changed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_example(
    app: State<'_, AppState>,
    with_changed: Option<bool>,
    dependents: Dependents,
) -> Result<Deleted> {
    app.studio().await?.example().remove(with_changed, dependents).await
}
