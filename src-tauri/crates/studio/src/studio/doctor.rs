//! The doctor for datasets.

use super::Studio;
use crate::{
    datasets::{self, Diagnosis},
    error::Result,
    work::Work,
};

impl Studio {
    /// Holds every row of a dataset against the shape of its rows. `source` is the id of a dataset or
    /// the path of a file.
    pub async fn diagnose_dataset(&self, source: &str, work: &Work) -> Result<Diagnosis> {
        datasets::diagnose(&self.file_of(source).await?, work).await
    }
}
