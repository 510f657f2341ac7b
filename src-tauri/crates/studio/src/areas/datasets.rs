//! Dataset files.

use std::path::{Path, PathBuf};

use datasets::{Preview, Scan, Scanner};
use platform::Work;
use resources::{Dataset, DatasetType, Described as _};
use schema::{Error, Result, Row, TableName, column};
use serde::{Deserialize, Serialize};
use store::Created;

use crate::Studio;

/// A file with rows: that of a dataset, or any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum DatasetSource {
    /// A dataset, by its id.
    Id(String),
    /// A file or a folder.
    Path(PathBuf),
}

impl DatasetSource {
    /// Parses a source: a UUID is the id of a dataset, any other text a path.
    pub fn from_text(text: &str) -> Self {
        match uuid::Uuid::parse_str(text) {
            Ok(_) => Self::Id(text.to_owned()),
            Err(_) => Self::Path(PathBuf::from(text)),
        }
    }
}

/// Dataset files: preview, scan, import.
#[derive(Debug, Clone, Copy)]
pub struct Datasets<'a>(pub(crate) &'a Studio);

impl Datasets<'_> {
    /// A page of rows.
    pub async fn preview(&self, source: &DatasetSource, offset: u64, limit: u64) -> Result<Preview> {
        let path = self.file_of(source).await?;
        let known = match source {
            DatasetSource::Id(id) => self.0.store.last_reading(id).await?,
            DatasetSource::Path(_) => None,
        };
        datasets::preview(&path, known, offset, limit).await
    }

    /// A page of rows of one split of a folder.
    pub async fn preview_split(
        &self,
        source: &DatasetSource,
        split: &str,
        offset: u64,
        limit: u64,
    ) -> Result<Preview> {
        datasets::preview_split(&self.file_of(source).await?, split, offset, limit).await
    }

    /// A scanner with this progress. It reuses the latest scan if the file is unchanged.
    pub(super) fn scanner(&self, work: &Work) -> Scanner {
        Scanner::new(work.clone(), self.0.latest_scan.clone())
    }

    /// The file of a source, by its absolute path.
    pub(super) async fn file_of(&self, source: &DatasetSource) -> Result<PathBuf> {
        match source {
            DatasetSource::Id(id) => {
                let dataset = self.0.store.get(TableName::Datasets, id).await?;
                Dataset::file_of(&dataset.row, &dataset.label).map(PathBuf::from)
            }
            DatasetSource::Path(path) => {
                std::path::absolute(path).map_err(|error| Error::file("read", path, &error))
            }
        }
    }

    /// Scans a whole dataset file. The pass also finds the problems with its rows, so that a diagnosis does
    /// not read the file again.
    pub async fn scan(&self, path: &Path, work: &Work) -> Result<Scan> {
        let path = std::path::absolute(path).map_err(|error| Error::file("read", path, &error))?;
        self.scanner(work).examine(&path).await
    }

    /// Creates a dataset from a file or a folder. Its default name is that of the file.
    pub async fn import(&self, path: &Path, name: Option<&str>, work: &Work) -> Result<Created> {
        let first = datasets::first_name(path);
        let kind: DatasetType = datasets::detect(path)?;
        let mut fields = Row::new();
        fields.insert("type".to_owned(), kind.into_str().into());
        fields.insert("name".to_owned(), name.map_or(first, str::to_owned).into());
        fields.insert(column!(Dataset, location).to_owned(), path.display().to_string().into());
        self.0.store.create(TableName::Datasets.table(), fields, &self.scanner(work)).await
    }
}
