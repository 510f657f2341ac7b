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
mod recent;
mod served;

use std::time::Instant;

pub use app_state::{AppState, Machine};

/// Adds the window's commands and their state to a program. `started` is the time at which the program
/// started, for the log.
pub fn commands<R: tauri::Runtime>(
    program: tauri::Builder<R>,
    state: AppState,
    started: Instant,
) -> tauri::Builder<R> {
    let builder = bindings::builder::<R>();
    program
        .invoke_handler(builder.invoke_handler())
        .plugin(events::plugin(builder))
        .manage(state)
        .manage(commands::workspace::Started(started))
}
