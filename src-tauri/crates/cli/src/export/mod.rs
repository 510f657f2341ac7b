//! Exports of models, adapters and datasets: a file for each way, and what they share. Each starts a run and waits for
//! its end.

mod deploy;
mod gguf;
mod merge;
mod ollama;
mod publish;
mod register;

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use studio::{
    Error, ErrorCode, Result,
    compute::TargetKind,
    exports::{ExportReport, ExportRequest, Way},
    schema::TableName,
    store::{RowKey, RunState},
};

use crate::{
    output::{Output, print, sized},
    progress::{interruption, watched_export},
    run::watch,
    session::{Outcome, Session},
};

pub(crate) use deploy::Deploy;
pub(crate) use gguf::{AdapterGguf, ModelGguf};
pub(crate) use merge::Merge;
pub(crate) use ollama::{AdapterOllama, ModelOllama};
pub(crate) use publish::{PublishAdapter, PublishDataset, PublishModel};
pub(crate) use register::{RegisterAdapter, RegisterModel, object};

/// What every way takes.
#[derive(Debug, Args)]
pub(crate) struct ExportOptions {
    /// The name of the run and of the result [default: made of the row's name]
    #[arg(long)]
    name: Option<String>,
    /// Print the plan as JSON and write nothing; exit code 1 if the export can't start
    #[arg(long)]
    dry_run: bool,
}

/// Where an export works.
#[derive(Debug, Default, Args)]
pub(crate) struct ExportPlace {
    /// The compute target that does the work, by its name or id; without it, this machine. What is written comes here
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
}

impl ExportPlace {
    /// The id of the target, if it is a Cloudera AI workbench.
    async fn workbench(&self, session: &Session) -> Result<Option<String>> {
        let Some(target) = &self.target else { return Ok(None) };
        match session.studio().await?.store().target(target).await {
            Ok(found) => Ok(Some(found.id).filter(|_| found.settings.kind == TargetKind::Cloudera)),
            // The plan says so beside its field.
            Err(error) if error.code == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Plans and starts an export of a row, waits for its end, and prints its report.
pub(crate) async fn export(
    session: &Session,
    source: (TableName, String),
    base: Option<String>,
    to: Option<PathBuf>,
    options: ExportOptions,
    place: ExportPlace,
    way: Way,
) -> Outcome {
    let to = to.map(|to| studio::platform::absolute(&to.to_string_lossy()).to_owned());
    let source = RowKey { table: source.0, id: source.1 };
    let request = ExportRequest { source, base, name: options.name, to, target: place.target, way };
    let (studio, output) = (session.studio().await?, &session.output);
    let plan = studio.exports().plan(&request).await?;
    if options.dry_run {
        crate::output::print_json(&plan);
        return Ok(ExitCode::from(u8::from(!plan.problems.is_empty())));
    }
    if let Some(publication) = plan.publication.as_ref().filter(|_| !output.json) {
        publish::print_files(publication);
    }
    if plan.problems.is_empty() {
        plan.warnings.iter().for_each(|warning| output.warning(&warning.column, &warning.message));
    }
    let run = studio.exports().start(&request).await?;
    let watched = watched_export(studio.runs().clone(), &run.id, output);
    let stop = interruption();
    let ended = watch::until_ended(studio, &run.id, stop.cancelled());
    let run = watch::with_fetches(studio, &run.id, output, ended).await?;
    watched.abort();
    if run.state.is_live() {
        return Err(watch::left(&run).into());
    }
    let report = studio.exports().report(&run.id).await?.report;
    if let Some(report) = &report {
        print_report(report, output);
    }
    match run.state {
        RunState::Failed | RunState::Lost => {
            let message = run.note.unwrap_or_else(|| format!("The export '{}' failed.", run.name));
            let error = Error::new(ErrorCode::Invalid, message);
            Err(match run.hint {
                Some(hint) => error.hint(hint),
                None => error,
            }
            .into())
        }
        state => {
            if !output.json {
                watch::print_run(&run, output);
            }
            Ok(watch::exit_code(state))
        }
    }
}

fn print_report(report: &ExportReport, output: &Output) {
    if output.json(report) {
        return;
    }
    for check in &report.checks {
        let mark = match check.passed {
            Some(true) => "good",
            Some(false) => "NOT GOOD",
            None if check.value.is_some() => "measured",
            None => "not checked",
        };
        print(&format!("{mark}: {}", check.text));
    }
    report.notes.iter().for_each(|note| print(note));
    if let Some(place) = &report.output {
        match report.files.len() as u64 {
            // A version of a registered model, or an endpoint.
            0 => print(place),
            files => print(&format!("{place}: {}", sized(files, report.bytes))),
        }
    }
}
