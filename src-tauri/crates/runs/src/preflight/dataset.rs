//! The dataset of a job.

use std::path::PathBuf;

use datasets::{DatasetFile, DatasetPart, Stamp};
use hub::CachedKind;
use resources::{Dataset, DatasetType, FineTuningJob};
use schema::{Choice, Error, ErrorCode, Result, column};

use super::{
    context::{Labeled, Preflight},
    fetch::Wanted,
    first_rows::FirstRows,
};
use run_folder::{rows::Splits, spec::DatasetSpec};

/// The dataset of a job, counted.
#[derive(Debug, Clone)]
pub(crate) struct JobDataset {
    pub(crate) spec: DatasetSpec,
    /// The names of its columns, if they are known.
    pub(super) columns: Option<Vec<String>>,
    /// Rows of its split `train`.
    pub(super) train_rows: u64,
    /// Rows of the split that it holds back itself; none without such a split.
    pub(super) held_back_rows: Option<u64>,
    /// The size of its files.
    pub(super) bytes: u64,
    /// Its first rows to train on; none where they can't be read.
    pub(super) first_rows: Option<FirstRows>,
}

impl JobDataset {
    /// How many rows of other splits are numbered before those to train on.
    pub(crate) fn rows_before_train(&self) -> u64 {
        self.first_rows.as_ref().map_or(0, |first| first.before)
    }
}

impl Preflight<'_> {
    /// The dataset with that id; none where it is not there or can't be read, or is fetched first.
    pub(crate) async fn dataset(&mut self, id: &str) -> Result<Option<JobDataset>> {
        let column = column!(FineTuningJob, dataset_id);
        let Some(dataset) = self.row::<Dataset>(id).await? else { return Ok(None) };
        let options = self.runs.store.read_options(id).await?;
        if let Some(name) = self.dataset_to_fetch(&dataset, &options.part) {
            let wanted = Wanted { kind: CachedKind::Dataset, name, part: options.part };
            self.plan_fetch(wanted, column, "is not in the local cache").await?;
            return Ok(None);
        }
        let path = self.dataset_path(&dataset, &options.part);
        let Some(path) = self.diagnostics.or_refuse(column, path)? else { return Ok(None) };
        let file = DatasetFile::new(&path, options.clone());
        self.inputs.add_dataset(&file);
        let last_reading = self.runs.store.last_reading(id).await?;
        let (cache, file) = (self.runs.row_counts.clone(), file);
        let counted = platform::blocking("counting rows", move || {
            let splits = Splits::read(&file)?;
            let stamp = Stamp::from_file(&file)?;
            let counts = cache.counts(&file, &splits, stamp, last_reading.as_ref())?;
            Ok((splits, stamp, counts))
        });
        let Some((splits, stamp, counts)) = self.diagnostics.or_refuse(column, counted.await)? else {
            return Ok(None);
        };
        let first = FirstRows::read(DatasetFile::new(&path, options.clone()), &splits, &counts).await;
        let first_rows = self.diagnostics.or_refuse(column, first)?;
        let rows_of = |name: &str| counts.iter().find(|(split, _)| split == name).map(|(_, rows)| *rows);
        let train_rows = rows_of(&splits.train).unwrap_or_default();
        if train_rows == 0 {
            self.diagnostics.refuse(column, format!("'{}' has no rows.", dataset.label));
        }
        Ok(Some(JobDataset {
            held_back_rows: splits.held_back.as_deref().and_then(rows_of),
            train_rows,
            columns: dataset.row.column_names(),
            bytes: stamp.bytes,
            first_rows,
            spec: DatasetSpec {
                id: id.to_owned(),
                name: dataset.label,
                path: path.display().to_string(),
                options,
            },
        }))
    }

    /// The name of a dataset of the Hub that is fetched before the run; none for others.
    fn dataset_to_fetch<'d>(&self, dataset: &'d Labeled<Dataset>, part: &DatasetPart) -> Option<&'d str> {
        let is_on_hub = dataset.row.r#type.as_ref().and_then(Choice::known) == Some(DatasetType::Huggingface);
        let name = dataset.row.huggingface_name.as_deref().filter(|_| is_on_hub)?;
        let is_fetched = self.fetches_first()
            && !self.runs.hub.is_offline()
            && self.runs.hub.cached_dataset(name, part).is_none();
        is_fetched.then_some(name)
    }

    /// What the frozen job has of a dataset until it is fetched; none where it is not.
    pub(super) async fn awaited_dataset(&mut self, id: &str) -> Result<Option<DatasetSpec>> {
        let Some(dataset) = self.row::<Dataset>(id).await? else { return Ok(None) };
        let options = self.runs.store.read_options(id).await?;
        let is_awaited = self.dataset_to_fetch(&dataset, &options.part).is_some();
        let spec = DatasetSpec { id: id.to_owned(), name: dataset.label, path: String::new(), options };
        Ok(Some(spec).filter(|_| is_awaited))
    }

    /// The file or folder with a dataset's rows; for a dataset of the Hub, its folder in the local
    /// cache.
    fn dataset_path(&self, dataset: &Labeled<Dataset>, part: &DatasetPart) -> Result<PathBuf> {
        if dataset.row.r#type.as_ref().and_then(Choice::known) != Some(DatasetType::Huggingface) {
            return Dataset::file_of(&dataset.row.raw, &dataset.label).map(PathBuf::from);
        }
        let name = dataset.row.huggingface_name.as_deref().unwrap_or_default();
        self.runs.hub.cached_dataset(name, part).ok_or_else(|| {
            let message = format!("The rows of '{}' are not on this machine.", dataset.label);
            Error::new(ErrorCode::NotFound, message)
                .hint(format!("Fetch {name} from the Hub, or import a file in its place."))
        })
    }
}
