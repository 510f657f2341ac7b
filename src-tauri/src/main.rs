//! The window of Fine Tuning Studio: opens the core, starts the window.

// A release on Windows opens no console beside the window.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

#[cfg(target_os = "linux")]
mod web_process;

use std::{path::PathBuf, process::ExitCode, time::Instant};

use clap::Parser;
use fine_tuning_studio::{AppState, Machine, commands, notify};
use studio::platform::log_file;
use tauri::{Manager as _, RunEvent, async_runtime};

/// Fine Tuning Studio: datasets, models, adapters, prompts, configs and jobs in one place.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The database file to open; it is created if it does not exist
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
}

fn main() -> ExitCode {
    let started = Instant::now();
    let arguments = Arguments::parse();
    log_file::start(log_file::Program::Window);
    let state = async_runtime::block_on(AppState::open(arguments.db, Machine::from_user_settings()));
    let program = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .setup(|app| {
            #[cfg(target_os = "linux")]
            for window in app.webview_windows().values() {
                web_process::reload_after_its_end(window)?;
            }
            async_runtime::spawn(notify::of_ended_runs(app.handle().clone()));
            async_runtime::spawn(notify::of_ended_transfers(app.handle().clone()));
            Ok(())
        });
    match commands(program, state, started).build(tauri::generate_context!()) {
        Ok(app) => {
            app.run(|app, event| {
                // The process ends after this event.
                if let RunEvent::Exit = event {
                    async_runtime::block_on(app.state::<AppState>().close());
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("The window could not be opened: {error}.");
            ExitCode::FAILURE
        }
    }
}
