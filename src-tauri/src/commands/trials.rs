//! Questions to a model and its adapters by hand.

use studio::{Result, runs::TrialAnswer, schema::Row};
use tauri::{State, ipc::Channel};

use crate::app_state::AppState;

/// Loads a model and adapters of it, in place of the model that was loaded before.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_trial(
    app: State<'_, AppState>,
    model_id: String,
    adapter_ids: Vec<String>,
    on_answer: Channel<TrialAnswer>,
) -> Result<()> {
    app.open_trial(&model_id, &adapter_ids, on_answer).await
}

/// Sends a prompt to the base model (`base`) and to adapters (their ids), one after another.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ask_trial(
    app: State<'_, AppState>,
    id: String,
    prompt: String,
    targets: Vec<String>,
    generation: Row,
) -> Result<()> {
    app.trial().await?.ask(&id, &prompt, &targets, &generation).await
}

/// Stops the answers to a prompt.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_trial(app: State<'_, AppState>, id: String) -> Result<()> {
    app.trial().await?.cancel(&id).await
}

/// Unloads the model.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_trial(app: State<'_, AppState>) -> Result<()> {
    app.close_trial().await;
    Ok(())
}
