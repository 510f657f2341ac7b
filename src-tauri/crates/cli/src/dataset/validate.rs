//! `fts dataset validate` and `convert`: the shape of the rows, their problems, other shapes.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use studio::{
    DatasetSource,
    datasets::{Converted, Diagnosis, Shape},
    schema::TextEnum as _,
};

use super::{ListArgument, ReadArguments, source_parser};
use crate::{
    output::{Output, print, print_json, problem_line},
    progress::watched,
    session::{DONE, Outcome, Session},
    values::choice,
};

/// Show the shape of the rows and their problems; exit code 1 if a row has an error
#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// A file, or the id of a dataset
    #[arg(value_name = "FILE|ID", value_parser = source_parser())]
    source: DatasetSource,
    /// Write all problems to this CSV file [default: show the first hundred]
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadArguments,
    /// The key of the list of rows, where a JSON file is one object
    #[arg(long, value_name = "KEY", help_heading = "How the file is read")]
    list_key: Option<String>,
}

/// Write the rows to a new file in another shape or format
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts dataset convert tasks.csv --to chat chat.jsonl")]
pub(crate) struct Convert {
    /// A file, or the id of a dataset
    #[arg(value_name = "FILE|ID", value_parser = source_parser())]
    source: DatasetSource,
    /// The new shape: one of those that `fts dataset validate` offers
    #[arg(long, value_name = "SHAPE", value_parser = choice::<Shape>())]
    to: Shape,
    /// The new file; the extension sets the format: .jsonl or .csv
    #[arg(value_name = "OUT")]
    target: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    reading: ReadArguments,
    #[command(flatten)]
    list: ListArgument,
}

impl Validate {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let (studio, output) = (session.studio().await?, &session.output);
        let source = self.source.read_as(self.reading.with_list(self.list_key))?;
        let diagnosis = match self.list {
            Some(file) => studio.datasets().list_problems(&source, &file, &watched(output)).await?.1,
            None => studio.datasets().diagnose(&source, &watched(output)).await?,
        };
        print_diagnosis(output, &diagnosis);
        Ok(ExitCode::from(u8::from(diagnosis.errors > 0)))
    }
}

impl Convert {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let Self { source, to, target, replace, reading, list } = self;
        let source = reading.source(source, &list)?;
        let (studio, output) = (session.studio().await?, &session.output);
        let converted = studio.datasets().convert(&source, to, &target, replace, &watched(output)).await?;
        // What is left out, and how the rows were read.
        output.aside(&converted.problems);
        print_converted(output, &converted);
        DONE
    }
}

fn print_diagnosis(output: &Output, diagnosis: &Diagnosis) {
    if output.json {
        return print_json(diagnosis);
    }
    print(&format!("{}. {}", diagnosis.shape.label(), diagnosis.why));
    for problem in &diagnosis.problems {
        print(&problem_line(problem));
    }
    for offer in diagnosis.conversions.iter().filter(|offer| offer.to != diagnosis.shape) {
        print(&format!("Converts to {}: {}", offer.to, offer.says));
    }
    print(&format!(
        "{}, {} bad, {}; {}, {}.",
        count(diagnosis.rows, "row"),
        diagnosis.bad_rows,
        count(diagnosis.duplicates, "duplicate"),
        count(diagnosis.errors, "error"),
        count(diagnosis.warnings, "warning")
    ));
}

fn print_converted(output: &Output, converted: &Converted) {
    if output.json {
        return print_json(converted);
    }
    let rows = count(converted.rows, "row");
    print(&format!("Wrote {rows} to {}, left out {}.", converted.path, converted.left_out));
}

fn count(count: u64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}
