//! Notifications of the operating system.

use studio::store::{Run, RunState};
use tauri::{AppHandle, Manager as _, Runtime};
use tauri_plugin_notification::NotificationExt as _;
use tokio::sync::broadcast::error::RecvError;

use crate::app_state::AppState;

/// Shows a notification for every run that ends while no window has the focus. With the focus, the pages
/// show the end.
pub async fn of_ended_runs<R: Runtime>(app: AppHandle<R>) {
    let mut changes = app.state::<AppState>().run_changes();
    loop {
        match changes.recv().await {
            Ok(run) if !run.state.is_live() && !has_focus(&app) => show(&app, &run),
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

fn has_focus<R: Runtime>(app: &AppHandle<R>) -> bool {
    app.webview_windows().values().any(|window| window.is_focused().unwrap_or(false))
}

fn show<R: Runtime>(app: &AppHandle<R>, run: &Run) {
    let how = match run.state {
        RunState::Succeeded => "has finished",
        RunState::Stopped => "was stopped",
        RunState::Lost => "got lost",
        _ => "failed",
    };
    let title = format!("{} {how}", run.name);
    let shown = app.notification().builder().title(title).body(run.note.clone().unwrap_or_default()).show();
    // A desktop without notifications is no reason to fail.
    if let Err(error) = shown {
        tracing::warn!("no notification of the end of '{}': {error}", run.name);
    }
}
