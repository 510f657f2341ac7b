//! Events that the core sends to the pages.

use serde::Serialize;
use studio::{Change, schema::TableName, store::StoreChange};
use tauri::{
    AppHandle, Manager as _, Runtime,
    plugin::{self, TauriPlugin},
};
use tauri_specta::{Builder, Event as _};
use tokio::sync::broadcast::error::RecvError;

use crate::app_state::AppState;

/// The database was changed, by this program or by another one. Internal tables, such as saved filters
/// and settings, may have changed at every event.
#[derive(Debug, Clone, Serialize, specta::Type, tauri_specta::Event)]
pub(crate) struct StoreChanged {
    /// The tables with rows that were added, changed, tagged or deleted.
    tables: Vec<TableName>,
    /// Whether a run was added, changed or removed.
    runs: bool,
    /// Whether a transfer was added, changed or removed.
    transfers: bool,
}

impl From<StoreChange> for StoreChanged {
    fn from(StoreChange { tables, runs, transfers }: StoreChange) -> Self {
        Self { tables, runs, transfers }
    }
}

/// A run reported progress or wrote to its log. Reported at most twice a second.
#[derive(Debug, Clone, Serialize, specta::Type, tauri_specta::Event)]
pub(crate) struct RunChanged {
    /// The run.
    id: String,
}

/// The file of a dataset on screen was changed. The database was not.
#[derive(Debug, Clone, Serialize, specta::Type, tauri_specta::Event)]
pub(crate) struct DatasetFileChanged {
    /// The dataset.
    id: String,
}

/// What is served to other programs, its state or its requests changed. Requests are reported at most twice a second.
#[derive(Debug, Clone, Serialize, specta::Type, tauri_specta::Event)]
pub(crate) struct ServingChanged;

/// Sends the events to all pages. It is a plugin because plugins are set up before the first page loads,
/// also in tests without a window.
pub(crate) fn plugin<R: Runtime>(events: Builder<R>) -> TauriPlugin<R> {
    plugin::Builder::new("changes")
        .setup(move |app, _| {
            events.mount_events(app);
            tauri::async_runtime::spawn(send(app.clone()));
            Ok(())
        })
        .build()
}

async fn send<R: Runtime>(app: AppHandle<R>) {
    let state = app.state::<AppState>();
    let (mut changes, mut serving) = (state.changes(), state.served().changes());
    loop {
        let sent = tokio::select! {
            change = changes.recv() => match change {
                Ok(Change::Store(change)) => StoreChanged::from(change).emit(&app),
                Ok(Change::Run(id)) => RunChanged { id }.emit(&app),
                Ok(Change::File(id)) => DatasetFileChanged { id }.emit(&app),
                Err(RecvError::Lagged(_)) => StoreChanged::from(StoreChange::everything()).emit(&app),
                Err(RecvError::Closed) => return,
            },
            Ok(()) = serving.changed() => ServingChanged.emit(&app),
        };
        if let Err(error) = sent {
            tracing::warn!("a change was not sent to the window: {error}");
        }
    }
}
