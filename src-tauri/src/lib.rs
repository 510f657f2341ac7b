//! The window's side of the program: its state and the commands that its pages call.
//!
//! [`commands`] adds them to a Tauri program of any runtime, so that tests of the pages call the
//! same commands without a window.

mod bindings;
mod commands;
mod desk;
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
    program
        .invoke_handler(bindings::builder::<R>().invoke_handler())
        .manage(desk)
        .manage(commands::workspace::Started(started))
}
