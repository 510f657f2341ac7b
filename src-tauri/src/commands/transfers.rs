//! Fetches from the Hub into its local cache.

use studio::{
    Result,
    transfers::{Transfer, TransferRequest, TransferRule},
};
use tauri::State;

use crate::app_state::AppState;

/// All transfers: those that have not ended in the order of the queue, then the others, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers(app: State<'_, AppState>) -> Result<Vec<Transfer>> {
    app.studio().await?.transfers().list().await
}

/// Queues a transfer. One of the same files begins again, unless it is queued or running.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_transfer(app: State<'_, AppState>, request: TransferRequest) -> Result<Transfer> {
    app.studio().await?.transfers().add(&request, None).await
}

/// Pauses a transfer. What was received is kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause_transfer(app: State<'_, AppState>, id: String) -> Result<Transfer> {
    app.studio().await?.transfers().pause(&id).await
}

/// Queues a transfer again that was paused or cancelled, or failed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resume_transfer(app: State<'_, AppState>, id: String) -> Result<Transfer> {
    app.studio().await?.transfers().resume(&id).await
}

/// Cancels a transfer, and removes its partial files.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_transfer(app: State<'_, AppState>, id: String) -> Result<Transfer> {
    app.studio().await?.transfers().cancel(&id).await
}

/// Removes ended transfers from the list: that one, or all.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_transfers(app: State<'_, AppState>, id: Option<String>) -> Result<()> {
    app.studio().await?.transfers().forget(id.as_deref()).await
}

/// How many transfers run at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfer_rule(app: State<'_, AppState>) -> Result<TransferRule> {
    app.studio().await?.transfers().rule().await
}

/// Sets how many transfers run at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_transfer_rule(app: State<'_, AppState>, rule: TransferRule) -> Result<()> {
    app.studio().await?.transfers().set_rule(rule).await
}
