//! `fts`: Fine Tuning Studio for scripts.

mod args;
mod configs;
mod dataset_files;
mod deleted;
mod doctor;
mod environment;
mod example;
mod export;
mod hub;
mod lineage;
mod lists;
mod output;
mod prompts;
mod runs;

use std::{io::Read as _, process::ExitCode};

use clap::Parser as _;
use serde_json::json;
use studio::{
    Error, ErrorCode, Result, Studio,
    schema::Row,
    snapshot::ImportPolicy,
    store::{FindingSeverity, default_database},
    work::Work,
};
use tokio_util::sync::CancellationToken;

use crate::{
    args::{Arguments, Command, Data},
    output::Output,
};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json);
    match run(arguments, &output).await {
        Ok(code) => code,
        Err(failure) => {
            output.error(&failure.error);
            failure.code
        }
    }
}

/// An error with the exit code it ends in.
struct Failure {
    error: Error,
    code: ExitCode,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, code: ExitCode::from(1) }
    }
}

async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, Failure> {
    // Read first: a wrong command opens nothing.
    let data = match &arguments.command {
        Command::Create { data, .. } | Command::Update { data, .. } => read_data(data)?,
        Command::Runs(command) => command.data().map(read_data).transpose()?.unwrap_or_default(),
        _ => Row::new(),
    };
    let path = arguments.db.map_or_else(default_database, Ok)?;
    let studio = Studio::open(&path).await?;
    let result = operate(&studio, arguments.command, data, output).await;
    studio.close().await;
    Ok(result?)
}

async fn operate(studio: &Studio, command: Command, data: Row, output: &Output) -> Result<ExitCode> {
    match command {
        Command::List(command) => command.run(studio, output).await?,
        Command::Get { table, id } => output.row(table, &studio.get(table, &id).await?),
        Command::Create { table, .. } => output.created(table, &studio.create(table, data).await?),
        Command::Update { table, id, .. } => output.row(table, &studio.update(table, &id, data).await?),
        Command::Delete { table, id, dependents } => {
            output.deleted(&studio.delete(table, &[id], dependents.into()).await?);
        }
        Command::ImportDataset { file, name } => {
            let created = studio.import_dataset(&file, name.as_deref(), &watched(output)).await?;
            output.created(studio::resources::TableName::Datasets, &created);
        }
        Command::PreviewDataset { source, split, rows, offset } => {
            output.preview(&match split {
                Some(split) => studio.preview_split(&source, &split, offset, rows).await?,
                None => studio.preview_dataset(&source, offset, rows).await?,
            });
        }
        Command::DatasetFile(command) => command.run(studio, output).await?,
        Command::Doctor(command) => return command.run(studio, output).await,
        Command::Prompts(command) => command.run(studio, output).await?,
        Command::Export(export) => export.run(studio, output, &watched(output)).await?,
        Command::Import { file, dry_run, on_conflict, dangling, skip_invalid } => {
            let work = watched(output);
            let mut staged = studio.read_snapshot(&file, &work).await?;
            let done = if dry_run {
                staged.plan().await.map(|plan| output.plan(&plan))
            } else {
                let on_dangling = dangling.into();
                let on_conflict = on_conflict.into();
                let policy =
                    ImportPolicy { on_conflict, on_dangling, skip_invalid, ..ImportPolicy::default() };
                studio.import(&mut staged, &policy, &work).await.map(|report| output.imported(&report))
            };
            // Whoever closes the database last folds its log in, which must not be left to the
            // moment the program ends.
            staged.discard().await;
            done?;
        }
        Command::Hub(command) => command.run(studio, output).await?,
        Command::Backup => output.backup("Backed up as", &studio.back_up().await?),
        Command::Backups { keep_last, keep_days } => {
            let mut rule = studio.backup_rule().await?;
            if keep_last.is_some() || keep_days.is_some() {
                rule.keep_last = keep_last.unwrap_or(rule.keep_last);
                rule.keep_days = keep_days.unwrap_or(rule.keep_days);
                studio.set_backup_rule(rule).await?;
            }
            output.backups(rule, &studio.backups()?);
        }
        Command::Restore { id } => {
            output.backup("Restored. What was here before is kept as", &studio.restore(&id).await?);
        }
        Command::Configs(command) => command.run(studio, output).await?,
        Command::Deleted(command) => command.run(studio, output).await?,
        Command::Environment(command) => command.run(studio, output).await?,
        Command::Example(command) => command.run(studio, output).await?,
        Command::Runs(command) => return command.run(studio, data, output).await,
        Command::Check => {
            let findings = studio.check().await?;
            output.findings(&findings);
            if findings.iter().any(|finding| finding.severity == FindingSeverity::Error) {
                return Ok(ExitCode::from(1));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Work that shows its progress and that Ctrl-C stops cleanly.
fn watched(output: &Output) -> Work {
    watched_by(output.progress())
}

/// Work that Ctrl-C stops cleanly.
fn watched_by<P>(report: impl Fn(P) + Send + Sync + 'static) -> Work<P> {
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            asked.cancel();
        }
    });
    Work::telling(stop, report)
}

/// The fields given on the command line, in a file or on standard input.
fn read_data(data: &Data) -> Result<Row, Failure> {
    let text = if data.text == "-" {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map_err(|error| Error::file("read", "standard input".as_ref(), &error))?;
        text
    } else if let Some(file) = data.text.strip_prefix('@') {
        std::fs::read_to_string(file).map_err(|error| Error::file("read", file.as_ref(), &error))?
    } else {
        data.text.clone()
    };
    serde_json::from_str(&text).map_err(|error| Failure {
        error: Error::new(ErrorCode::Invalid, format!("--data is not a JSON object: {error}."))
            .hint(format!("Write it like {}.", json!({"name": "my model"}))),
        code: ExitCode::from(2),
    })
}
