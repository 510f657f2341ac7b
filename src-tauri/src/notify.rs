//! Notifications of the operating system.

use studio::{
    store::{Run, RunState},
    transfers::{Transfer, TransferState},
};
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

/// Shows a notification for every transfer that ends while no window has the focus, unless a run waits for it or it
/// was cancelled.
pub async fn of_ended_transfers<R: Runtime>(app: AppHandle<R>) {
    let mut ended = app.state::<AppState>().ended_transfers();
    loop {
        match ended.recv().await {
            Ok(transfer) if transfer.run.is_none() && !has_focus(&app) => show_transfer(&app, &transfer),
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
    notify(app, &format!("{} {how}", run.name), run.note.as_deref());
}

fn show_transfer<R: Runtime>(app: &AppHandle<R>, transfer: &Transfer) {
    let name = &transfer.request.name;
    match transfer.state {
        TransferState::Done => notify(app, &format!("{name} is on this machine"), None),
        TransferState::Failed => {
            notify(app, &format!("{name} could not be fetched"), transfer.message.as_deref());
        }
        _ => {}
    }
}

fn notify<R: Runtime>(app: &AppHandle<R>, title: &str, body: Option<&str>) {
    let shown = app.notification().builder().title(title).body(body.unwrap_or_default()).show();
    // A desktop without notifications is no reason to fail.
    if let Err(error) = shown {
        tracing::warn!("no notification '{title}': {error}");
    }
}
