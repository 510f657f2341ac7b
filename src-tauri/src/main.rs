//! The window of Fine Tuning Studio: opens the core, starts the window.

// A release on Windows opens no console beside the window.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod one_window;
#[cfg(target_os = "linux")]
mod web_process;

use std::{path::PathBuf, process::ExitCode, time::Instant};

use clap::Parser;
use fine_tuning_studio::{AppState, Machine, commands, notify, opened};
use studio::platform::log_file;
use tauri::{Manager as _, RunEvent, async_runtime};

/// Fine Tuning Studio: datasets, models, adapters, prompts, configs and jobs in one place.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The database file to open; it is created if it does not exist
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// A snapshot, database or archive: the window opens with the plan of its import
    file: Option<PathBuf>,
}

fn main() -> ExitCode {
    let started = Instant::now();
    let arguments = Arguments::parse();
    log_file::start(log_file::Program::Window);
    let Arguments { db, file } = arguments;
    let program = tauri::Builder::default()
        // First, as a second start must end before it opens the database.
        .plugin(one_window::plugin(db.as_deref()))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .setup(|app| {
            if let Some(file) = file {
                opened::open(app.handle(), std::path::absolute(&file).unwrap_or(file));
            }
            #[cfg(target_os = "linux")]
            for window in app.webview_windows().values() {
                web_process::reload_after_its_end(window)?;
            }
            async_runtime::spawn(notify::of_ended_runs(app.handle().clone()));
            async_runtime::spawn(notify::of_ended_transfers(app.handle().clone()));
            Ok(())
        });
    let open = || async_runtime::block_on(AppState::open(db, Machine::from_user_settings()));
    match commands(program, open, started).build(tauri::generate_context!()) {
        Ok(app) => {
            app.run(|app, event| match event {
                // The file browser of macOS opens files by an event.
                #[cfg(target_os = "macos")]
                RunEvent::Opened { urls } => {
                    for file in urls.iter().filter_map(|url| url.to_file_path().ok()) {
                        opened::open(app, file);
                    }
                }
                // The process ends after this event. A start from now on is not sent to a window that is gone.
                RunEvent::Exit => {
                    tauri_plugin_single_instance::destroy(app);
                    async_runtime::block_on(app.state::<AppState>().close());
                }
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("The window could not be opened: {error}.");
            ExitCode::FAILURE
        }
    }
}
