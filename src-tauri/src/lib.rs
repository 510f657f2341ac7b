//! The window's side of the program: its state and the commands that its pages call.
//!
//! [`commands`] adds them to a Tauri program of any runtime, so that tests of the pages call the
//! same commands without a window.

mod bindings;
mod commands;
mod desk;
mod events;
pub mod notify;
mod recent;

use std::time::Instant;

pub use desk::{Desk, Surroundings};

/// The program with the window's commands, on what the desk has open. `started` is when the program
/// was, for the log.
pub fn commands<R: tauri::Runtime>(
    program: tauri::Builder<R>,
    desk: Desk,
    started: Instant,
) -> tauri::Builder<R> {
    let builder = bindings::builder::<R>();
    program
        .invoke_handler(builder.invoke_handler())
        .plugin(events::plugin(builder))
        .manage(desk)
        .manage(commands::workspace::Started(started))
}
