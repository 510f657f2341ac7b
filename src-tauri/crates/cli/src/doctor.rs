//! The doctor for datasets.

use std::process::ExitCode;

use clap::Subcommand;
use studio::{Result, Studio, datasets::Diagnosis, schema::TextEnum as _};

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
    },
}

impl DoctorCommand {
    pub(crate) async fn run(self, studio: &Studio, output: &Output) -> Result<ExitCode> {
        match self {
            Self::Diagnose { source } => {
                let diagnosis = studio.diagnose_dataset(&source, &watched(output)).await?;
                told(output, &diagnosis);
                Ok(ExitCode::from(u8::from(diagnosis.errors > 0)))
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
    let count = |count: u64, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    print(&format!(
        "{}, {} bad, {}; {}, {}.",
        count(diagnosis.rows, "row"),
        diagnosis.bad_rows,
        count(diagnosis.duplicates, "duplicate"),
        count(diagnosis.errors, "error"),
        count(diagnosis.warnings, "warning")
    ));
}
