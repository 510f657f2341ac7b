//! The doctor for datasets.

use std::{path::PathBuf, process::ExitCode};

use clap::Subcommand;
use studio::{
    Result, Studio,
    datasets::{Converted, Diagnosis, Shape},
    schema::TextEnum as _,
};

use crate::{
    output::{Output, print, print_json},
    watched,
};

#[derive(Debug, Subcommand)]
pub(crate) enum DoctorCommand {
    /// Say which shape the rows have and what is wrong with them; exit 1 if a row is bad
    Diagnose {
        /// A file, or the id of a dataset
        #[arg(value_name = "FILE|ID")]
        source: String,
        /// Write every problem into this CSV file; without it the first hundred are shown
        #[arg(long, value_name = "FILE")]
        list: Option<PathBuf>,
    },
    /// Write the rows into a new file, in another shape or format
    Convert {
        /// A file, or the id of a dataset
        #[arg(value_name = "FILE|ID")]
        source: String,
        /// The new shape: one of those that diagnose offers
        #[arg(long, value_name = "SHAPE", value_parser = shape)]
        to: Shape,
        /// The new file; its ending says the format, .jsonl or .csv
        #[arg(value_name = "OUT")]
        target: PathBuf,
        /// Replace the file if it is there already
        #[arg(long)]
        replace: bool,
    },
}

impl DoctorCommand {
    pub(crate) async fn run(self, studio: &Studio, output: &Output) -> Result<ExitCode> {
        match self {
            Self::Diagnose { source, list } => {
                let diagnosis = match list {
                    Some(file) => studio.list_problems(&source, &file, &watched(output)).await?.1,
                    None => studio.diagnose_dataset(&source, &watched(output)).await?,
                };
                told(output, &diagnosis);
                Ok(ExitCode::from(u8::from(diagnosis.errors > 0)))
            }
            Self::Convert { source, to, target, replace } => {
                let converted =
                    studio.convert_dataset(&source, to, &target, replace, &watched(output)).await?;
                made(output, &converted);
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

fn told(output: &Output, diagnosis: &Diagnosis) {
    if output.json {
        return print_json(diagnosis);
    }
    print(&format!("{}. {}", diagnosis.shape.label(), diagnosis.why));
    for problem in &diagnosis.problems {
        print(&format!("{}{}", problem.place(), problem.message));
    }
    for offer in diagnosis.conversions.iter().filter(|offer| offer.to != diagnosis.shape) {
        print(&format!("Can become {}: {}", offer.to, offer.says));
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

fn made(output: &Output, converted: &Converted) {
    if output.json {
        return print_json(converted);
    }
    for problem in &converted.problems {
        print(&format!("Left out {}{}", problem.place(), problem.message));
    }
    let rows = count(converted.rows, "row");
    print(&format!("Wrote {rows} to {}, left out {}.", converted.path, converted.left_out));
}

fn count(count: u64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

fn shape(name: &str) -> Result<Shape, String> {
    name.parse()
}
