//! Every problem of a dataset in a file, for datasets with many.

use std::path::Path;

use platform::{AtomicFile, Work, blocking};
use schema::{Error, Result};
use serde::Serialize;

use super::{diagnosis::Diagnosis, every::each_problem};
use crate::{
    dataset_file::DatasetFile,
    problem::{Problem, Severity},
};

/// A file with every problem of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ProblemFile {
    /// The file.
    pub path: String,
    /// How many problems it lists.
    pub problems: u64,
}

const COLUMNS: [&str; 6] = ["severity", "file", "line", "row", "field", "problem"];

/// Writes every problem of a dataset into a CSV file, a line each, in the order of the dataset. A
/// file that is there already is replaced.
pub async fn list_problems(
    source: impl Into<DatasetFile>,
    target: &Path,
    work: &Work,
) -> Result<(ProblemFile, Diagnosis)> {
    let (source, target, work) = (source.into(), target.to_path_buf(), work.clone());
    blocking("reading the file", move || list_now(&source, &target, &work)).await
}

fn list_now(source: &DatasetFile, target: &Path, work: &Work) -> Result<(ProblemFile, Diagnosis)> {
    let failed = |error: csv::Error| Error::file("write", target, &error.into());
    let mut file = AtomicFile::new(target)?;
    let mut list = csv::Writer::from_writer(&mut file);
    list.write_record(COLUMNS).map_err(failed)?;
    let mut problems = 0;
    let diagnosis = each_problem(source, work, &mut |problem| {
        problems += 1;
        list.write_record(cells(problem)).map_err(failed)
    })?;
    list.flush().map_err(|error| Error::file("write", target, &error))?;
    drop(list);
    file.commit()?;
    Ok((ProblemFile { path: target.display().to_string(), problems }, diagnosis))
}

fn cells(problem: &Problem) -> [String; 6] {
    let number = |number: Option<u64>| number.map_or(String::new(), |number| number.to_string());
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    [
        severity.to_owned(),
        problem.file.clone().unwrap_or_default(),
        number(problem.line),
        number(problem.row),
        problem.field.clone().unwrap_or_default(),
        problem.message.clone(),
    ]
}
