//! Validation and conversion of datasets.

use std::path::Path;

use datasets::{Converted, Diagnosis, ProblemFile, Shape};
use platform::Work;
use schema::{Error, Result};

use crate::areas::{DatasetSource, Datasets};

impl Datasets<'_> {
    /// Checks every row of a dataset by the shape of its rows.
    pub async fn diagnose(&self, source: &DatasetSource, work: &Work) -> Result<Diagnosis> {
        self.scanner(work).diagnose(self.file_of(source).await?).await
    }

    /// Writes all problems of a dataset to a CSV file.
    pub async fn list_problems(
        &self,
        source: &DatasetSource,
        target: &Path,
        work: &Work,
    ) -> Result<(ProblemFile, Diagnosis)> {
        let target = std::path::absolute(target).map_err(|error| Error::file("write", target, &error))?;
        datasets::list_problems(self.file_of(source).await?, &target, work).await
    }

    /// Writes the rows of a dataset to a new file, in another shape or format. The extension of `target`
    /// determines the format, `.jsonl` or `.csv`.
    pub async fn convert(
        &self,
        source: &DatasetSource,
        to: Shape,
        target: &Path,
        replace: bool,
        work: &Work,
    ) -> Result<Converted> {
        let target = std::path::absolute(target).map_err(|error| Error::file("write", target, &error))?;
        datasets::convert(self.file_of(source).await?, to, &target, replace, work).await
    }
}
