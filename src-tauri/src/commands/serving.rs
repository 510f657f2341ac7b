//! A model that other programs ask.

use studio::{
    Result,
    serving::{EngineCommand, ServeRequest},
};
use tauri::State;

use crate::{
    app_state::AppState,
    served::{ServingReport, ShownKey},
};

/// Serves a model and adapters, in place of what was served before. The model is still being loaded then.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_serving(app: State<'_, AppState>, request: ServeRequest) -> Result<ShownKey> {
    let serving = app.studio().await?.serving();
    app.served().start(&serving, request).await
}

/// What is served, and what was asked; none where nothing is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn serving(app: State<'_, AppState>) -> Result<Option<ServingReport>> {
    Ok(app.served().report().await)
}

/// Replaces the key of what is served.
#[tauri::command]
#[specta::specta]
pub(crate) async fn renew_serving_key(app: State<'_, AppState>) -> Result<ShownKey> {
    app.served().renew_key().await
}

/// Forgets the requests that have ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn clear_served_requests(app: State<'_, AppState>) -> Result<()> {
    app.served().clear_requests().await;
    Ok(())
}

/// Ends what is served.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_serving(app: State<'_, AppState>) -> Result<()> {
    app.served().stop().await;
    Ok(())
}

/// The commands by which engines on this machine serve a model and adapters.
#[tauri::command]
#[specta::specta]
pub(crate) async fn engine_commands(
    app: State<'_, AppState>,
    model_id: String,
    adapter_ids: Vec<String>,
) -> Result<Vec<EngineCommand>> {
    app.studio().await?.serving().engine_commands(&model_id, &adapter_ids).await
}
