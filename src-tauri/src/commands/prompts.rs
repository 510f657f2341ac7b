//! Prompts.

use studio::{
    Result,
    prompts::{RenderRequest, RenderedPrompt, Suggestion},
    runs::{EvaluationRequest, PreviewRequest, TrainingPreview},
};
use tauri::State;

use crate::app_state::AppState;

/// Templates for the columns of a dataset.
#[tauri::command]
#[specta::specta]
pub(crate) async fn suggest_templates(app: State<'_, AppState>, dataset_id: String) -> Result<Suggestion> {
    app.studio().await?.prompts().suggest(&dataset_id).await
}

/// A prompt filled with the values of a row.
#[tauri::command]
#[specta::specta]
pub(crate) async fn render_prompt(
    app: State<'_, AppState>,
    request: RenderRequest,
) -> Result<RenderedPrompt> {
    app.studio().await?.prompts().render(&request).await
}

/// Rows of a dataset as a training would see them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_training(
    app: State<'_, AppState>,
    request: PreviewRequest,
) -> Result<TrainingPreview> {
    app.studio().await?.prompts().preview_training(&request).await
}

/// A row of the dataset as one of the models of an evaluation would see it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_evaluation(
    app: State<'_, AppState>,
    request: EvaluationRequest,
    combination: u32,
    row: u32,
) -> Result<TrainingPreview> {
    app.studio().await?.prompts().preview_evaluation(&request, combination as usize, row.into()).await
}
