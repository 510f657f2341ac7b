//! What models and adapters are, read from their folders.

use std::path::Path;

use studio::{AdapterReport, ModelReport, Result, WeightsSource, weights::Weights};
use tauri::State;

use crate::desk::Desk;

/// What a folder holds: a model or an adapter.
#[tauri::command]
#[specta::specta]
pub(crate) async fn inspect_folder(desk: State<'_, Desk>, folder: String) -> Result<Weights> {
    desk.studio().await?.inspector().folder(Path::new(&folder)).await
}

/// The properties of a model.
#[tauri::command]
#[specta::specta]
pub(crate) async fn model_facts(desk: State<'_, Desk>, source: WeightsSource) -> Result<ModelReport> {
    desk.studio().await?.inspector().model(&source).await
}

/// The properties of an adapter, and whether it fits a model.
#[tauri::command]
#[specta::specta]
pub(crate) async fn adapter_facts(
    desk: State<'_, Desk>,
    source: WeightsSource,
    model: Option<String>,
) -> Result<AdapterReport> {
    desk.studio().await?.inspector().adapter(&source, model.as_deref()).await
}
