//! The command line of Fine Tuning Studio: each command parses its arguments, calls the core and
//! prints the result.
//!
//! - `arguments`: the commands in their order, and `flat`: their earlier names.
//! - One module for each noun (`dataset`, `run`, ..), and one for what works on every table (`rows`).
//! - `session`: the database, opened by the first command that needs it.
//! - `output` and `progress`: what is printed.
//!
//! Scripts rely on the names, the JSON and the exit codes: they change only by addition.

mod adapter;
mod archive;
mod arguments;
mod backup;
mod check;
mod config;
mod dataset;
mod env;
mod example;
mod export;
mod flat;
mod grpc;
mod help;
mod hub;
mod inspect;
mod model;
mod output;
mod progress;
mod prompt;
mod question;
mod registry;
mod rows;
mod run;
mod serve;
mod session;
mod settings_warnings;
mod shell;
mod snapshot;
mod tables;
mod target;
mod transfers;
mod trash;
mod values;
mod workbench;

use std::process::ExitCode;

use clap::{FromArgMatches as _, error::ErrorKind};
use studio::{Error, ErrorCode, platform::log_file};

use crate::{arguments::Arguments, output::Output, session::Session};

/// All commands with their arguments and help, also the hidden ones.
pub fn command() -> clap::Command {
    help::command()
}

/// Runs the command that the arguments of this process name.
pub async fn run() -> ExitCode {
    let mut command = command();
    let mut matches = match command.try_get_matches_from_mut(std::env::args_os()) {
        Ok(matches) => matches,
        Err(error) if error.kind() == ErrorKind::InvalidUtf8 => return refuse_odd_name(),
        Err(error) => error.exit(),
    };
    let name = name(&matches);
    let arguments = match Arguments::from_arg_matches_mut(&mut matches) {
        Ok(arguments) => arguments,
        Err(error) => error.format(&mut command).exit(),
    };
    log_file::start(log_file::Program::CommandLine);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), command = name, "started");

    let session = Session::new(arguments.db, Output::new(arguments.json));
    let result = arguments.command.run(&session).await;
    let output = session.close().await;
    match result {
        Ok(code) => code,
        Err(failure) => {
            tracing::info!("failed: {}", failure.error);
            output.error(&failure.error);
            failure.code
        }
    }
}

/// Refuses an argument that is no text, such as the name of a file in another encoding.
fn refuse_odd_name() -> ExitCode {
    let odd = std::env::args_os().find(|argument| argument.to_str().is_none()).unwrap_or_default();
    let message = format!("The name '{}' is not UTF-8 text, and can't be used.", odd.display());
    let error =
        Error::new(ErrorCode::Invalid, message).hint("Rename the file or folder, then choose it again.");
    Output::new(std::env::args_os().any(|argument| argument == "--json")).error(&error);
    ExitCode::FAILURE
}

/// The names of the command and its subcommands, such as `dataset import`. The log names no
/// arguments, which may contain private data.
fn name(matches: &clap::ArgMatches) -> String {
    let mut names = Vec::new();
    let mut matches = matches;
    while let Some((name, inner)) = matches.subcommand() {
        names.push(name);
        matches = inner;
    }
    names.join(" ")
}
