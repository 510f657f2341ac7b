//! The window of Fine Tuning Studio: opens the core, starts the window.

// A release on Windows opens no console beside the window.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod bindings;
mod commands;
mod desk;
mod notify;
mod recent;

use std::{path::PathBuf, process::ExitCode, time::Instant};

use clap::Parser;
use studio::log_file;

use crate::{commands::workspace::Started, desk::Desk};

/// Fine Tuning Studio: datasets, models, adapters, prompts, configs and jobs in one place.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The database file to open, made if there is none
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
}

fn main() -> ExitCode {
    let started = Started(Instant::now());
    let arguments = Arguments::parse();
    log_file::start(log_file::Program::Window);
    let desk = tauri::async_runtime::block_on(Desk::open(arguments.db));
    let builder = bindings::builder();
    let started = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .invoke_handler(builder.invoke_handler())
        .manage(desk)
        .manage(started)
        .setup(|app| {
            tauri::async_runtime::spawn(notify::of_ended_runs(app.handle().clone()));
            Ok(())
        })
        .run(tauri::generate_context!());
    match started {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The window could not be opened: {error}.");
            ExitCode::FAILURE
        }
    }
}
