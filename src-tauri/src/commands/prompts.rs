//! Prompts.

use studio::{
    Result,
    prompts::{RenderRequest, RenderedPrompt, Suggestion},
};
use tauri::State;

use crate::desk::Desk;

/// Templates made for a dataset's columns.
#[tauri::command]
#[specta::specta]
pub(crate) async fn suggest_templates(desk: State<'_, Desk>, dataset_id: String) -> Result<Suggestion> {
    desk.studio().await?.prompts().suggest(&dataset_id).await
}

/// A prompt with the values of a row.
#[tauri::command]
#[specta::specta]
pub(crate) async fn render_prompt(desk: State<'_, Desk>, request: RenderRequest) -> Result<RenderedPrompt> {
    desk.studio().await?.prompts().render(&request).await
}
