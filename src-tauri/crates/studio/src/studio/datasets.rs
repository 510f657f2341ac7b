//! Dataset files.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Studio;
use crate::{
    datasets::{self, Preview, Reading, Scan},
    error::{Error, ErrorCode, Result},
    resources::{DatasetType, TableName},
    schema::{Choice, MappedDict, Row},
    store::{Created, Listed},
    work::Work,
};

impl Studio {
    /// A page of a dataset file's rows. `source` is the id of a dataset or the path of a file.
    pub async fn preview_dataset(&self, source: &str, offset: u64, limit: u64) -> Result<Preview> {
        let path = self.file_of(source).await?;
        let known = Reading::last(self.store.pool(), source).await?;
        datasets::preview(&path, known, offset, limit).await
    }

    /// The same for one split of a folder.
    pub async fn preview_split(&self, source: &str, split: &str, offset: u64, limit: u64) -> Result<Preview> {
        datasets::preview_split(&self.file_of(source).await?, split, offset, limit).await
    }

    /// The file of a dataset by its id, or of that path.
    pub(super) async fn file_of(&self, source: &str) -> Result<PathBuf> {
        let absolute = |path: &str| {
            let path = Path::new(path);
            std::path::absolute(path).map_err(|error| Error::file("read", path, &error))
        };
        match self.get(TableName::Datasets, source).await {
            Ok(dataset) => location(&dataset).map(PathBuf::from),
            // What looks like an id is not taken for a file's name.
            Err(error) if uuid::Uuid::parse_str(source).is_ok() => Err(error),
            Err(error) if error.code == ErrorCode::NotFound => absolute(source),
            Err(error) => Err(error),
        }
    }

    /// Reads a whole dataset file and says what is in it.
    pub async fn scan_dataset(&self, path: &Path, work: &Work) -> Result<Scan> {
        let path = std::path::absolute(path).map_err(|error| Error::file("read", path, &error))?;
        datasets::scan(&path, work).await
    }

    /// Makes a dataset of a file or a folder. It is called after it unless a name is given.
    pub async fn import_dataset(&self, path: &Path, name: Option<&str>, work: &Work) -> Result<Created> {
        let first = datasets::first_name(path);
        let kind: DatasetType = datasets::detect(path)?;
        let mut fields = Row::new();
        fields.insert("type".to_owned(), kind.into_str().into());
        fields.insert("name".to_owned(), name.map_or(first, str::to_owned).into());
        fields.insert("location".to_owned(), path.display().to_string().into());
        self.store.create(TableName::Datasets.table(), fields, work).await
    }
}

/// The file of a dataset, or why it has none.
pub(super) fn location(dataset: &Listed) -> Result<String> {
    let known = crate::resources::Dataset::from_dict(&dataset.row).ok();
    let on_hub =
        known.and_then(|d| d.r#type).as_ref().and_then(Choice::known) == Some(DatasetType::Huggingface);
    match dataset.row.get("location").and_then(Value::as_str) {
        Some(location) if !on_hub => Ok(location.to_owned()),
        _ => Err(Error::new(
            ErrorCode::Invalid,
            format!("The rows of '{}' are not in a file here.", dataset.label),
        )
        .hint("Only datasets imported from a file can be previewed.")),
    }
}
