//! Compute targets.

use studio::{
    Result,
    compute::{LastCheck, Target, TargetCheck, TargetCommand, TargetSettings},
    python::EnvironmentProgress,
};
use tauri::{State, ipc::Channel};

use crate::app_state::AppState;

/// All targets, by name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn targets(app: State<'_, AppState>) -> Result<Vec<Target>> {
    app.studio().await?.store().targets().await
}

/// Adds a target that was described in the window, so that it is confirmed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_target(
    app: State<'_, AppState>,
    name: String,
    settings: TargetSettings,
) -> Result<Target> {
    app.studio().await?.targets().add(&name, settings).await
}

/// Changes the name and settings of a target, which is confirmed then.
#[tauri::command]
#[specta::specta]
pub(crate) async fn update_target(
    app: State<'_, AppState>,
    id: String,
    name: String,
    settings: TargetSettings,
) -> Result<Target> {
    app.studio().await?.targets().update(&id, &name, settings).await
}

/// Removes a target from this workspace. Nothing is removed there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_target(app: State<'_, AppState>, id: String) -> Result<Target> {
    app.studio().await?.targets().remove(&id).await
}

/// Stores the API key for the workbench of a target in the system's keyring, or deletes the stored one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_target_key(app: State<'_, AppState>, id: String, key: Option<String>) -> Result<()> {
    app.studio().await?.targets().set_key(&id, key.as_deref()).await
}

/// The host and everything that a target's settings run or pass on there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn target_commands(app: State<'_, AppState>, id: String) -> Result<Vec<TargetCommand>> {
    app.studio().await?.targets().commands(&id).await
}

/// Confirms a target with the settings that were shown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn confirm_target(
    app: State<'_, AppState>,
    id: String,
    settings: TargetSettings,
) -> Result<Target> {
    app.studio().await?.store().confirm_target(&id, &settings).await
}

/// What the last check of a target found; none if its settings were never checked.
#[tauri::command]
#[specta::specta]
pub(crate) async fn last_target_check(app: State<'_, AppState>, id: String) -> Result<Option<LastCheck>> {
    app.studio().await?.store().last_check(&id).await
}

/// Connects to a target and looks at what is there. A key of its host that is not known is accepted if it has
/// that fingerprint.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_target(
    app: State<'_, AppState>,
    id: String,
    accept_host_key: Option<String>,
) -> Result<TargetCheck> {
    app.studio().await?.targets().check(&id, accept_host_key.as_deref()).await
}

/// Makes the Python environment of a target, or waits for the end of its making, and checks the target then. The making
/// goes on there if this is cancelled.
#[tauri::command]
#[specta::specta]
pub(crate) async fn prepare_target(
    app: State<'_, AppState>,
    id: String,
    task: String,
    on_progress: Channel<EnvironmentProgress>,
) -> Result<TargetCheck> {
    let studio = app.studio().await?;
    app.run(task, on_progress, async |work| studio.targets().prepare(&id, &work).await).await
}

/// Asks the making of a target's environment to stop, and checks the target.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_preparing_target(app: State<'_, AppState>, id: String) -> Result<TargetCheck> {
    app.studio().await?.targets().stop_preparing(&id).await
}
