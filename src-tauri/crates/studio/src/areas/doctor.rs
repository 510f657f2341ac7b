//! The doctor for datasets.

use std::path::Path;

use datasets::{Converted, Diagnosis, ProblemFile, Shape};
use platform::Work;
use schema::{Error, Result};

use crate::areas::Datasets;

impl Datasets<'_> {
    /// Holds every row of a dataset against the shape of its rows. `source` is the id of a dataset or
    /// the path of a file.
    pub async fn diagnose(&self, source: &str, work: &Work) -> Result<Diagnosis> {
        datasets::diagnose(&self.file_of(source).await?, work).await
    }

    /// Writes every problem of a dataset into a CSV file. `source` is the id of a dataset or the path
    /// of a file.
    pub async fn list_problems(
        &self,
        source: &str,
        target: &Path,
        work: &Work,
    ) -> Result<(ProblemFile, Diagnosis)> {
        let target = std::path::absolute(target).map_err(|error| Error::file("write", target, &error))?;
        datasets::list_problems(&self.file_of(source).await?, &target, work).await
    }

    /// Writes the rows of a dataset into a new file, in another shape or format. `source` is the id of
    /// a dataset or the path of a file; the ending of `target` says the format, `.jsonl` or `.csv`.
    pub async fn convert(
        &self,
        source: &str,
        to: Shape,
        target: &Path,
        replace: bool,
        work: &Work,
    ) -> Result<Converted> {
        let target = std::path::absolute(target).map_err(|error| Error::file("write", target, &error))?;
        datasets::convert(&self.file_of(source).await?, to, &target, replace, work).await
    }
}
