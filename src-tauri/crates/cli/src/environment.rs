//! Python: what there is, and the environment that the program makes for itself.

use std::{
    io::{IsTerminal as _, Write as _},
    sync::Mutex,
};

use clap::{Args, Subcommand};
use studio::{
    Result, Studio,
    python::{EnvironmentProgress, EnvironmentReport, Interpreter},
    schema::TextEnum as _,
};

use crate::{
    output::{Output, print, print_table},
    watched_by,
};

#[derive(Debug, Subcommand)]
pub(crate) enum EnvironmentCommand {
    /// Say which Python runs are started with, or make, remove or choose one
    Environment {
        #[command(subcommand)]
        command: Option<Environment>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Environment {
    /// Make an environment with everything that training needs (6.5 GB), or go on with one
    Create,
    /// Remove the environment that was made
    Remove,
    /// Choose the Python that runs are started with
    Use(Choice),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Choice {
    /// An interpreter, or the folder of an environment
    #[arg(value_name = "PATH")]
    python: Option<String>,
    /// The environment that the program made, else the first Python that has everything
    #[arg(long)]
    managed: bool,
}

impl EnvironmentCommand {
    pub(crate) async fn run(self, studio: &Studio, output: &Output) -> Result<()> {
        let Self::Environment { command } = self;
        match command {
            None => output.environment(&studio.environment_report().await?),
            Some(Environment::Create) => {
                let work = watched_by(creating(output.json));
                let made = studio.create_environment(&work).await?;
                if !output.json(&made) {
                    print(&format!("{} has everything that training needs.", made.path));
                }
            }
            Some(Environment::Remove) => {
                studio.remove_environment().await?;
                output.environment(&studio.environment_report().await?);
            }
            Some(Environment::Use(Choice { python, .. })) => {
                studio.choose_python(python.as_deref()).await?;
                output.environment(&studio.environment_report().await?);
            }
        }
        Ok(())
    }
}

impl Output {
    fn environment(&self, report: &EnvironmentReport) {
        if self.json(report) {
            return;
        }
        let rows = report.interpreters.iter().map(|python| {
            let used = if report.used.as_ref() == Some(&python.path) { "→" } else { "" };
            let version = python.version.clone().unwrap_or_default();
            vec![used.to_owned(), python.path.clone(), version, python.source.label().to_owned(), has(python)]
        });
        print_table(["", "python", "version", "found", "has"], rows);
        print(&report.why);
        if let Some(hint) = &report.hint {
            print(hint);
        }
        let bytes = report.bytes.map_or(String::new(), |bytes| format!(", {bytes} bytes"));
        print(&format!("Environment of this program: {} ({}{bytes})", report.folder, report.state.label()));
    }
}

fn has(python: &Interpreter) -> String {
    match &python.problem {
        Some(problem) => problem.clone(),
        None if python.missing.is_empty() => "everything".to_owned(),
        None => format!("lacks {}", python.missing.join(", ")),
    }
}

/// Shows each step once, and on a terminal how far it is.
fn creating(quiet: bool) -> impl Fn(EnvironmentProgress) + Send + Sync {
    let last = Mutex::new(String::new());
    let terminal = std::io::stderr().is_terminal();
    move |now| {
        let mut err = std::io::stderr().lock();
        let Ok(mut last) = last.lock() else { return };
        if quiet || (!terminal && *last == now.doing) {
            return;
        }
        let counted =
            now.total.map(|total| format!(" ({} of {} MB)", now.done / 1_000_000, total / 1_000_000));
        let counted = counted.unwrap_or_default();
        let _ = match terminal {
            // The rest of a longer line before it is cleared.
            true => write!(err, "\r\u{1b}[K{}…{counted}", now.doing),
            false => writeln!(err, "{}…{counted}", now.doing),
        };
        *last = now.doing;
    }
}
