//! Trying a model and its adapters by hand.

use studio::{Result, jobs::TrialAnswer, schema::Row};
use tauri::{State, ipc::Channel};

use crate::desk::Desk;

/// Loads a model and adapters of it, in place of what was loaded before.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_trial(
    desk: State<'_, Desk>,
    model_id: String,
    adapter_ids: Vec<String>,
    on_answer: Channel<TrialAnswer>,
) -> Result<()> {
    desk.open_trial(&model_id, &adapter_ids, on_answer).await
}

/// Asks a question of the base (`base`) and of adapters (their ids), one after another.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ask_trial(
    desk: State<'_, Desk>,
    id: String,
    prompt: String,
    targets: Vec<String>,
    generation: Row,
) -> Result<()> {
    desk.trial().await?.ask(&id, &prompt, &targets, &generation).await
}

/// Stops answering a question.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_trial(desk: State<'_, Desk>, id: String) -> Result<()> {
    desk.trial().await?.cancel(&id).await
}

/// Unloads what is loaded.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_trial(desk: State<'_, Desk>) -> Result<()> {
    desk.close_trial().await;
    Ok(())
}
