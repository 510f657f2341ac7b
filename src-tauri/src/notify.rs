//! Tells a person who looks elsewhere that a run has ended.

use studio::jobs::{Run, RunState};
use tauri::{AppHandle, Manager as _, Runtime};
use tauri_plugin_notification::NotificationExt as _;
use tokio::sync::broadcast::error::RecvError;

use crate::desk::Desk;

/// Shows a notification of the system for every run that ends while no window has the focus. In
/// the window itself, its pages tell.
pub async fn of_ended_runs<R: Runtime>(app: AppHandle<R>) {
    let mut changes = app.state::<Desk>().run_changes();
    loop {
        match changes.recv().await {
            Ok(run) if !run.state.is_live() && !is_looked_at(&app) => show(&app, &run),
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

fn is_looked_at<R: Runtime>(app: &AppHandle<R>) -> bool {
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
        tracing::warn!("the end of '{}' could not be told: {error}", run.name);
    }
}
