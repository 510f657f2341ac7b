//! Facts about models and adapters, read from their files.

use std::path::Path;

use studio::{AdapterReport, ModelReport, Result, WeightsSource, weights::Weights};
use tauri::State;

use crate::app_state::AppState;

/// The model or adapter in a folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn inspect_folder(app: State<'_, AppState>, folder: String) -> Result<Weights> {
    app.studio().await?.inspector().folder(Path::new(&folder)).await
}

/// The properties of a model.
#[tauri::command]
#[specta::specta]
pub(crate) async fn model_facts(app: State<'_, AppState>, source: WeightsSource) -> Result<ModelReport> {
    app.studio().await?.inspector().model(&source).await
}

/// The properties of an adapter, and whether it fits a model.
#[tauri::command]
#[specta::specta]
pub(crate) async fn adapter_facts(
    app: State<'_, AppState>,
    source: WeightsSource,
    model: Option<String>,
) -> Result<AdapterReport> {
    app.studio().await?.inspector().adapter(&source, model.as_deref()).await
}
