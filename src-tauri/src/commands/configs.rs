//! Configurations.

use studio::{
    Comparison, ConfigCheck, Result,
    configs::{Preset, axolotl::FormatMatch},
    resources::ConfigType,
};
use tauri::State;

use crate::desk::Desk;

/// Looks at a configuration's text without saving it. `id` is the row it is the text of.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_config(
    desk: State<'_, Desk>,
    kind: ConfigType,
    text: String,
    id: Option<String>,
) -> Result<ConfigCheck> {
    desk.studio().await?.configs().check(kind, &text, id.as_deref()).await
}

/// Configurations to start from.
#[tauri::command]
#[specta::specta]
pub(crate) async fn config_presets(desk: State<'_, Desk>) -> Result<Vec<Preset>> {
    desk.studio().await?.configs().presets().await
}

/// Makes a configuration one to start from, or no longer so.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_preset(desk: State<'_, Desk>, id: String, preset: bool) -> Result<()> {
    desk.studio().await?.configs().set_preset(&id, preset).await
}

/// How two configurations differ.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_configs(desk: State<'_, Desk>, a: String, b: String) -> Result<Comparison> {
    desk.studio().await?.configs().compare(&a, &b).await
}

/// The dataset formats of axolotl, the one that fits a dataset best first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn axolotl_formats(desk: State<'_, Desk>, dataset: String) -> Result<Vec<FormatMatch>> {
    desk.studio().await?.configs().axolotl_formats(&dataset).await
}
