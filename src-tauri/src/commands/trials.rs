//! Questions to a model and its adapters by hand.

use std::path::PathBuf;

use studio::{
    Result,
    playground::{ConversationRow, RewardModels, TrialAnswer, TrialConversation, TrialOutline},
    schema::Row,
};
use tauri::{State, ipc::Channel};

use crate::app_state::AppState;

/// What is known of a model and adapters before they are loaded.
#[tauri::command]
#[specta::specta]
pub(crate) async fn outline_trial(
    app: State<'_, AppState>,
    model_id: String,
    adapter_ids: Vec<String>,
) -> Result<TrialOutline> {
    app.studio().await?.playground().outline_trial(&model_id, &adapter_ids).await
}

/// The models that rate answers and write none, and those adapters of a model.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reward_models(app: State<'_, AppState>, model_id: String) -> Result<RewardModels> {
    app.studio().await?.playground().reward_models(&model_id).await
}

/// Loads a model and adapters of it on the compute target with that id, or without one on this machine, in place of the
/// model that was loaded before.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_trial(
    app: State<'_, AppState>,
    model_id: String,
    adapter_ids: Vec<String>,
    target: Option<String>,
    on_answer: Channel<TrialAnswer>,
) -> Result<()> {
    app.open_trial(&model_id, &adapter_ids, target.as_deref(), on_answer).await
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

/// Has the base model (`base`) or an adapter (its id) answer a conversation. Returns the text that it reads.
#[tauri::command]
#[specta::specta]
pub(crate) async fn converse(
    app: State<'_, AppState>,
    id: String,
    target: String,
    conversation: TrialConversation,
    generation: Row,
) -> Result<String> {
    app.trial().await?.converse(&id, &target, &conversation, &generation).await
}

/// Reads a row of a dataset as a conversation.
#[tauri::command]
#[specta::specta]
pub(crate) async fn conversation_of_row(
    app: State<'_, AppState>,
    dataset_id: String,
    row: u32,
) -> Result<ConversationRow> {
    app.studio().await?.playground().conversation_of_row(&dataset_id, row.into()).await
}

/// Writes a conversation as a row of JSON Lines into a file of its own.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_conversation(path: PathBuf, conversation: TrialConversation) -> Result<()> {
    conversation.save(path).await
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
