//! Passes over whole files, without reading a file twice.

use std::sync::{Arc, Mutex, PoisonError};

use platform::{Work, blocking};
use resources::DatasetType;
use schema::{Error, FieldProblem, Result};

use crate::{
    dataset_file::DatasetFile,
    doctor::{self, Diagnosis},
    format,
    pass::{self, Extent, Pass},
    problem::Problem,
    profile::Profile,
    read_options::ReadOptions,
    reading::Reading,
    scan::Scan,
    stamp::FileStamps,
};

/// The result of the latest pass over a file. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct LatestScan(Arc<Mutex<Option<Pass>>>);

/// Reads files with progress and Cancel, unless the latest pass was over the same, unchanged file.
#[derive(Clone)]
pub struct Scanner {
    work: Work,
    latest: LatestScan,
    chosen: Option<ReadOptions>,
}

impl LatestScan {
    /// What the latest pass found, if it was over this file and the file is still as it was.
    fn of_unchanged(&self, file: &DatasetFile) -> Option<Pass> {
        let latest = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        (latest.file == *file && FileStamps::from_file(file).is_ok_and(|now| now == latest.stamps))
            .then_some(latest)
    }

    /// Takes the place of the latest result. What that one knows more of the same file is kept.
    fn replace(&self, mut pass: Pass) {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) =
            latest.take().filter(|before| before.file == pass.file && before.stamps == pass.stamps)
        {
            pass.diagnosis = pass.diagnosis.or(before.diagnosis);
            pass.profile = pass.profile.or(before.profile);
        }
        *latest = Some(pass);
    }
}

impl Scanner {
    /// A scanner that reports to `work` and shares its latest result with others.
    pub fn new(work: Work, latest: LatestScan) -> Self {
        Self { work, latest, chosen: None }
    }

    /// The same, where a person has chosen how the file of a new or changed dataset is read.
    #[must_use]
    pub fn with_options(self, options: ReadOptions) -> Self {
        Self { chosen: Some(options), ..self }
    }

    /// What a person has chosen, if anything was asked.
    pub fn chosen(&self) -> Option<&ReadOptions> {
        self.chosen.as_ref()
    }

    /// A scanner without progress and Cancel.
    pub fn unwatched() -> Self {
        Self::new(Work::unwatched(), LatestScan::default())
    }

    /// What the latest pass found wrong with a file, if it was over this one and the file is still as it was.
    pub fn known_problems(&self, file: impl Into<DatasetFile>) -> Vec<Problem> {
        self.latest.of_unchanged(&file.into()).map(|pass| pass.scan.problems).unwrap_or_default()
    }

    /// What is in a file, and by what it is recognized later. `kind` must agree with what the
    /// name's ending says.
    pub async fn scan(
        &self,
        file: impl Into<DatasetFile>,
        kind: Option<DatasetType>,
    ) -> Result<(Scan, Reading)> {
        let file = file.into();
        let detected = format::detect(&file)?;
        if kind.is_some_and(|kind| kind != detected) {
            return Err(Error::invalid(vec![FieldProblem {
                column: "type".to_owned(),
                message: format!("{} is of another kind.", file.path.display()),
            }]));
        }
        let Pass { scan, reading, .. } = self.pass(&file, Extent::File, |_| true).await?;
        Ok((scan, reading))
    }

    /// What is in a file. The pass also holds its rows against their shape, so that [`Self::diagnose`]
    /// need not read the file again.
    pub async fn examine(&self, file: impl Into<DatasetFile>) -> Result<Scan> {
        Ok(self.pass(&file.into(), Extent::Diagnosis, |latest| latest.diagnosis.is_some()).await?.scan)
    }

    /// What is wrong with the rows of a file.
    pub async fn diagnose(&self, file: impl Into<DatasetFile>) -> Result<Diagnosis> {
        let file = file.into();
        let pass = self.pass(&file, Extent::Diagnosis, |latest| latest.diagnosis.is_some()).await?;
        match pass.diagnosis {
            Some(diagnosis) => Ok(diagnosis),
            None => doctor::diagnose(&file, &self.work).await,
        }
    }

    /// What stands in each column of a file.
    pub async fn profile(&self, file: impl Into<DatasetFile>) -> Result<Profile> {
        let pass = self.pass(&file.into(), Extent::Profile, |latest| latest.profile.is_some()).await?;
        pass.profile.ok_or_else(|| Error::internal("profiling the file", &"nothing was counted"))
    }

    /// Reads a file whatever is known of it: its content is to be compared.
    pub async fn read_again(&self, file: impl Into<DatasetFile>) -> Result<Reading> {
        Ok(self.pass(&file.into(), Extent::File, |_| false).await?.reading)
    }

    /// The latest pass if that is enough, else a new one on a thread of its own.
    async fn pass(&self, file: &DatasetFile, extent: Extent, enough: impl Fn(&Pass) -> bool) -> Result<Pass> {
        if let Some(latest) = self.latest.of_unchanged(file).filter(enough) {
            return Ok(latest);
        }
        let kind = format::detect(file)?;
        let (owned, work) = (file.clone(), self.work.clone());
        let pass = blocking("reading the file", move || pass::read(&owned, kind, extent, &work)).await?;
        self.latest.replace(pass.clone());
        Ok(pass)
    }
}
