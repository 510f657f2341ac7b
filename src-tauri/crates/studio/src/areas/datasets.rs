//! Dataset files.

use std::path::{Path, PathBuf};

use datasets::{Preview, Reading, Scan, Scanner};
use platform::Work;
use resources::{Dataset, DatasetType, Described as _};
use schema::{Choice, Error, ErrorCode, MappedDict, Result, Row, TableName};
use serde_json::Value;
use store::{Created, Listed};

use crate::Studio;

/// Dataset files: preview, scan, import.
#[derive(Debug, Clone, Copy)]
pub struct Datasets<'a>(pub(crate) &'a Studio);

impl Datasets<'_> {
    /// A page of a dataset file's rows. `source` is the id of a dataset or the path of a file.
    pub async fn preview(&self, source: &str, offset: u64, limit: u64) -> Result<Preview> {
        let path = self.file_of(source).await?;
        let known = self.0.store.last_reading(source).await?;
        datasets::preview(&path, known, offset, limit).await
    }

    /// The same for one split of a folder.
    pub async fn preview_split(&self, source: &str, split: &str, offset: u64, limit: u64) -> Result<Preview> {
        datasets::preview_split(&self.file_of(source).await?, split, offset, limit).await
    }

    /// Reads files with this progress; what one pass finds, the next use of the unchanged file takes.
    pub(super) fn scanner(&self, work: &Work) -> Scanner {
        Scanner::new(work.clone(), self.0.latest_scan.clone())
    }

    /// The file of a dataset by its id, or of that path.
    pub(super) async fn file_of(&self, source: &str) -> Result<PathBuf> {
        let absolute = |path: &str| {
            let path = Path::new(path);
            std::path::absolute(path).map_err(|error| Error::file("read", path, &error))
        };
        match self.0.store.get(TableName::Datasets, source).await {
            Ok(dataset) => Dataset::file_of(&dataset.row, &dataset.label).map(PathBuf::from),
            // What looks like an id is not taken for a file's name.
            Err(error) if uuid::Uuid::parse_str(source).is_ok() => Err(error),
            Err(error) if error.code == ErrorCode::NotFound => absolute(source),
            Err(error) => Err(error),
        }
    }

    /// Reads a whole dataset file and says what is in it.
    pub async fn scan(&self, path: &Path, work: &Work) -> Result<Scan> {
        let path = std::path::absolute(path).map_err(|error| Error::file("read", path, &error))?;
        Ok(self.scanner(work).scan(&path, None).await?.0)
    }

    /// Makes a dataset of a file or a folder. It is called after it unless a name is given.
    pub async fn import(&self, path: &Path, name: Option<&str>, work: &Work) -> Result<Created> {
        let first = datasets::first_name(path);
        let kind: DatasetType = datasets::detect(path)?;
        let mut fields = Row::new();
        fields.insert("type".to_owned(), kind.into_str().into());
        fields.insert("name".to_owned(), name.map_or(first, str::to_owned).into());
        fields.insert("location".to_owned(), path.display().to_string().into());
        self.0.store.create(TableName::Datasets.table(), fields, &self.scanner(work)).await
    }
}
