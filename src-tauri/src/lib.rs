//! The shell of the window: its state and the commands that its pages call.
//!
//! [`commands`] adds both to a Tauri program of any runtime, so that tests of the pages call the same
//! commands without a window.

mod app_state;
mod bindings;
mod commands;
mod events;
mod incoming;
pub mod notify;
pub mod opened;
mod recent;
mod served;

use std::time::Instant;

pub use app_state::{AppState, Machine};
use tauri::{Manager as _, plugin};

/// Adds the window's commands and their state to a program. `open` opens the workspace, after the plugins that the
/// program has so far were set up: one of them may end a second start. `started` is the time at which the program
/// started, for the log.
pub fn commands<R: tauri::Runtime>(
    program: tauri::Builder<R>,
    open: impl FnOnce() -> AppState + Send + 'static,
    started: Instant,
) -> tauri::Builder<R> {
    let builder = bindings::builder::<R>();
    let workspace = plugin::Builder::<R, ()>::new("workspace").setup(|app, _| {
        app.manage(open());
        app.manage(commands::about::Resources(app.path().resource_dir().ok()));
        Ok(())
    });
    program
        .invoke_handler(builder.invoke_handler())
        .plugin(workspace.build())
        .plugin(events::plugin(builder))
        .manage(commands::workspace::Started(started))
        .manage(opened::Opened::default())
}
