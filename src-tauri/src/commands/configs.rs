//! Configs.

use studio::{
    Comparison, ConfigCheck, Result,
    configs::{Preset, axolotl::FormatMatch},
    resources::ConfigType,
};
use tauri::State;

use crate::app_state::AppState;

/// Checks the text of a config without saving it. `id` is the config that is edited.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_config(
    app: State<'_, AppState>,
    kind: ConfigType,
    text: String,
    id: Option<String>,
) -> Result<ConfigCheck> {
    app.studio().await?.configs().check(kind, &text, id.as_deref()).await
}

/// The presets: configs to start from.
#[tauri::command]
#[specta::specta]
pub(crate) async fn config_presets(app: State<'_, AppState>) -> Result<Vec<Preset>> {
    app.studio().await?.configs().presets().await
}

/// Makes a config a preset, or an ordinary config again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_preset(app: State<'_, AppState>, id: String, preset: bool) -> Result<()> {
    app.studio().await?.configs().set_preset(&id, preset).await
}

/// The differences between two configs.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_configs(app: State<'_, AppState>, a: String, b: String) -> Result<Comparison> {
    app.studio().await?.configs().compare(&a, &b).await
}

/// The dataset formats of axolotl, sorted by how well they fit a dataset.
#[tauri::command]
#[specta::specta]
pub(crate) async fn axolotl_formats(app: State<'_, AppState>, dataset: String) -> Result<Vec<FormatMatch>> {
    app.studio().await?.configs().axolotl_formats(&dataset).await
}
