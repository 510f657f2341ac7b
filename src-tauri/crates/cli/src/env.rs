//! `fts env`: the Python that runs are started with.

use clap::{Args, Subcommand};
use studio::{
    python::{EnvironmentKind, EnvironmentReport, Interpreter, OwnEnvironment, Recipe},
    schema::TextEnum as _,
};

use crate::{
    output::{Output, for_command_line, print, print_table},
    progress::watched_environment,
    session::{DONE, Outcome, Session},
};

/// Show, create, remove or choose the Python environment for training
#[derive(Debug, Default, Subcommand)]
pub(crate) enum EnvCommand {
    /// Show the Python interpreters of this machine and the one that is used (the default)
    #[default]
    Show,
    /// Create an environment with everything that training needs (6.5 GB), or continue creating one
    Create(Purpose),
    /// Remove the environment that `fts env create` made
    Remove(Purpose),
    Use(Choice),
}

#[derive(Debug, Args)]
pub(crate) struct Purpose {
    /// What the environment is for: `training`, `axolotl`, which has one of its own (6.8 GB), or `gguf`, for
    /// exports to GGUF and Ollama, which is laid over the one that trains (0.3 GB)
    #[arg(long = "for", value_name = "PURPOSE", default_value = "training")]
    kind: EnvironmentKind,
}

/// Choose the Python that runs are started with
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Choice {
    /// An interpreter, or the folder of an environment
    #[arg(value_name = "PATH")]
    python: Option<String>,
    /// The environment of `fts env create`, or else the first Python that has everything
    #[arg(long)]
    managed: bool,
}

impl EnvCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let (studio, output) = (session.studio().await?, &session.output);
        match self {
            Self::Show => {}
            Self::Create(Purpose { kind }) => {
                let created = studio
                    .python()
                    .create_environment(&Recipe::new(kind), &watched_environment(output))
                    .await?;
                if !output.json(&created) {
                    let what = match kind {
                        EnvironmentKind::Training => "training needs",
                        EnvironmentKind::Axolotl => "axolotl needs",
                        EnvironmentKind::Gguf => "exports to GGUF need",
                    };
                    print(&format!("{} has everything that {what}.", created.path));
                }
                return DONE;
            }
            Self::Remove(Purpose { kind }) => studio.environment().remove(kind).await?,
            Self::Use(Choice { python, .. }) => studio.python().choose(python.as_deref()).await?,
        }
        let mut report = studio.python().report().await?;
        report.hint = report.hint.as_deref().map(for_command_line);
        print_report(output, &report);
        DONE
    }
}

fn print_report(output: &Output, report: &EnvironmentReport) {
    if output.json(report) {
        return;
    }
    let rows = report.interpreters.iter().map(|python| {
        let used = if report.used.as_ref() == Some(&python.path) { "→" } else { "" };
        let version = python.version.clone().unwrap_or_default();
        vec![
            used.to_owned(),
            python.path.clone(),
            version,
            python.source.label().to_owned(),
            packages(python),
        ]
    });
    print_table(["", "python", "version", "source", "packages"], rows);
    print(&report.why);
    if let Some(hint) = &report.hint {
        print(hint);
    }
    print_own("The environment of this program", &report.own);
    print_own("That for axolotl", &report.axolotl);
    if let Some(python) =
        report.axolotl_used.as_ref().filter(|used| !used.starts_with(&report.axolotl.folder))
    {
        print(&format!("axolotl runs in {python}."));
    }
    print_own("That for exports to GGUF", &report.gguf);
}

fn print_own(what: &str, own: &OwnEnvironment) {
    let bytes = own.bytes.map_or(String::new(), |bytes| format!(", {bytes} bytes"));
    print(&format!("{what}: {} ({}{bytes})", own.folder, own.state.label()));
    if let Some(why) = &own.unavailable {
        print(why);
    }
}

fn packages(python: &Interpreter) -> String {
    match &python.problem {
        Some(problem) => problem.clone(),
        None if python.missing.is_empty() => "all".to_owned(),
        None => format!("missing: {}", python.missing.join(", ")),
    }
}
