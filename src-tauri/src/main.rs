//! The window of Fine Tuning Studio: opens the core, starts the window.

// A release on Windows opens no console beside the window.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::{path::PathBuf, process::ExitCode, time::Instant};

use clap::Parser;
use fine_tuning_studio::{Desk, Surroundings, commands, notify};
use studio::log_file;

/// Fine Tuning Studio: datasets, models, adapters, prompts, configs and jobs in one place.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The database file to open, made if there is none
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
}

fn main() -> ExitCode {
    let started = Instant::now();
    let arguments = Arguments::parse();
    log_file::start(log_file::Program::Window);
    let desk = tauri::async_runtime::block_on(Desk::open(arguments.db, Surroundings::of_user()));
    let program = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .setup(|app| {
            tauri::async_runtime::spawn(notify::of_ended_runs(app.handle().clone()));
            Ok(())
        });
    match commands(program, desk, started).run(tauri::generate_context!()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The window could not be opened: {error}.");
            ExitCode::FAILURE
        }
    }
}
