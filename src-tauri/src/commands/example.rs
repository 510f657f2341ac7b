//! The example workspace.

use studio::{
    Result,
    store::{Deleted, Dependents, Example, TableCount, example_folder},
};
use tauri::State;

use crate::desk::Desk;

/// What is here of the example workspace.
#[tauri::command]
#[specta::specta]
pub(crate) async fn example(desk: State<'_, Desk>) -> Result<Example> {
    desk.studio().await?.example().state().await
}

/// Adds what is missing of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn load_example(desk: State<'_, Desk>) -> Result<Vec<TableCount>> {
    desk.studio().await?.example().load(&example_folder()?).await
}

/// Deletes it, with or without what was changed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_example(
    desk: State<'_, Desk>,
    with_changed: Option<bool>,
    dependents: Dependents,
) -> Result<Deleted> {
    desk.studio().await?.example().remove(with_changed, dependents).await
}
