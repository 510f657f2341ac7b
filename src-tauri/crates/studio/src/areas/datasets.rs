//! Dataset files.

use std::{ffi::OsStr, path::PathBuf};

use datasets::{
    DatasetFile, DatasetPart, Preview, Problem, ReadOptions, Recognized, Scan, Scanner, Severity,
};
use platform::Work;
use resources::{Dataset, DatasetType, Described as _};
use runs::{LengthsRequest, TokenLengths};
use schema::{Error, ErrorCode, Result, Row, TableName, column};
use serde::{Deserialize, Serialize};
use store::{Created, Listed};

use crate::{Studio, areas::hub::on_hub};

/// A file with rows: that of a dataset, or any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum DatasetSource {
    /// A dataset, by its id.
    Id(String),
    /// A file or a folder.
    Path(PathBuf),
    /// A file or a folder that is read as somebody chose.
    File {
        /// Where it is.
        path: PathBuf,
        /// What was chosen.
        options: ReadOptions,
    },
}

impl DatasetSource {
    /// Parses a source: a UUID is the id of a dataset, any other text a path.
    pub fn from_text(text: impl AsRef<OsStr>) -> Self {
        let text = text.as_ref();
        match text.to_str().filter(|text| uuid::Uuid::parse_str(text).is_ok()) {
            Some(id) => Self::Id(id.to_owned()),
            None => Self::Path(PathBuf::from(text)),
        }
    }

    /// What to do to read the file of a dataset otherwise. A host may name its own action instead.
    pub const CHANGE_READING: &str = "Change it beside the file of the dataset.";

    /// The same file, read with these options.
    ///
    /// # Errors
    /// Options for a dataset: those it is read with are kept with it.
    pub fn read_as(self, options: ReadOptions) -> Result<Self> {
        match self {
            source if options.is_empty() => Ok(source),
            Self::Path(path) | Self::File { path, .. } => Ok(Self::File { path, options }),
            Self::Id(_) => Err(Error::new(
                ErrorCode::Invalid,
                "How the file of a dataset is read is kept with the dataset.",
            )
            .hint(Self::CHANGE_READING)),
        }
    }
}

/// Dataset files: preview, scan, import.
#[derive(Debug, Clone, Copy)]
pub struct Datasets<'a>(pub(crate) &'a Studio);

impl Datasets<'_> {
    /// The token lengths of all rows as a training would be given them, and what a limit does to them. They are
    /// counted once for the same rows and tokenizer. The result contains the problems.
    pub async fn token_lengths(&self, request: &LengthsRequest, work: &Work) -> Result<TokenLengths> {
        self.0.runs().token_lengths(request, self.0.runs().tokenizers(), work).await
    }

    /// A page of rows.
    pub async fn preview(&self, source: &DatasetSource, offset: u64, limit: u64) -> Result<Preview> {
        let file = self.file_of(source).await?;
        let known = match source {
            DatasetSource::Id(id) => self.0.store.last_reading(id).await?,
            DatasetSource::Path(_) | DatasetSource::File { .. } => None,
        };
        datasets::preview(file, known, offset, limit).await
    }

    /// A page of rows of one split of a folder.
    pub async fn preview_split(
        &self,
        source: &DatasetSource,
        split: &str,
        offset: u64,
        limit: u64,
    ) -> Result<Preview> {
        datasets::preview_split(self.file_of(source).await?, split, offset, limit).await
    }

    /// A scanner with this progress. It reuses the latest scan if the file is unchanged.
    pub(super) fn scanner(&self, work: &Work) -> Scanner {
        Scanner::new(work.clone(), self.0.latest_scan.clone())
    }

    /// The file of a source, by its absolute path, and how it is read.
    pub async fn file_of(&self, source: &DatasetSource) -> Result<DatasetFile> {
        match source {
            DatasetSource::Id(id) => {
                let dataset = self.0.store.get(TableName::Datasets, id).await?;
                let options = self.0.store.read_options(id).await?;
                Ok(DatasetFile::new(self.rows_of(&dataset, &options.part)?, options))
            }
            DatasetSource::Path(path) => absolute(DatasetFile::from(path)),
            DatasetSource::File { path, options } => absolute(DatasetFile::new(path, options.clone())),
        }
    }

    /// The file or folder with the rows of a dataset; for one of the Hub, its folder in the local cache.
    ///
    /// # Errors
    /// The rows are not on this machine.
    pub(super) fn rows_of(&self, dataset: &Listed, part: &DatasetPart) -> Result<PathBuf> {
        let Some((_, name)) = on_hub(TableName::Datasets, &dataset.row) else {
            return Ok(PathBuf::from(Dataset::file_of(&dataset.row, &dataset.label)?));
        };
        self.0.hub.cached_dataset(&name, part).ok_or_else(|| {
            let message = format!("The rows of '{}' are not on this machine.", dataset.label);
            Error::new(ErrorCode::NotFound, message).hint(format!("Fetch {name} from the Hub first."))
        })
    }

    /// Scans a whole dataset file. The pass also finds the problems with its rows, so that a diagnosis does
    /// not read the file again.
    pub async fn scan(&self, file: impl Into<DatasetFile>, work: &Work) -> Result<Scan> {
        self.scanner(work).examine(absolute(file.into())?).await
    }

    /// What a file is, and how it is read best; the file of a dataset as it is read now.
    pub async fn recognize(&self, source: &DatasetSource) -> Result<Recognized> {
        let file = self.file_of(source).await?;
        platform::blocking("reading the file", move || datasets::recognize(&file)).await
    }

    /// What was found wrong with a file when it was read last, such as by [`Self::import`].
    pub fn known_problems(&self, file: impl Into<DatasetFile>) -> Vec<Problem> {
        let Ok(file) = absolute(file.into()) else { return Vec::new() };
        self.scanner(&Work::unwatched()).known_problems(file)
    }

    /// What is odd about a file by its last reading, beside what it was refused for.
    pub fn known_warnings(&self, file: impl Into<DatasetFile>) -> Vec<Problem> {
        let mut problems = self.known_problems(file);
        problems.retain(|problem| problem.severity == Severity::Warning);
        problems
    }

    /// Creates a dataset from a file or a folder. Its default name is that of the file.
    pub async fn import(
        &self,
        file: impl Into<DatasetFile>,
        name: Option<&str>,
        work: &Work,
    ) -> Result<Created> {
        let DatasetFile { path, options } = &absolute(file.into())?;
        let first = datasets::first_name(path);
        let kind: DatasetType = datasets::detect(DatasetFile::new(path, options.clone()))?;
        let mut fields = Row::new();
        fields.insert("type".to_owned(), kind.into_str().into());
        fields.insert("name".to_owned(), name.map_or(first, str::to_owned).into());
        fields.insert(column!(Dataset, location).to_owned(), path.display().to_string().into());
        let scanner = self.scanner(work).with_options(options.clone());
        self.0.store.create(TableName::Datasets.table(), fields, &scanner).await
    }
}

/// The same file, by its absolute path.
pub(super) fn absolute(file: DatasetFile) -> Result<DatasetFile> {
    if file.path.to_str().is_none() {
        let message = format!("The name of {} is not UTF-8 text.", file.path.display());
        return Err(Error::new(ErrorCode::Invalid, message).hint("Rename the file, then choose it again."));
    }
    let path = std::path::absolute(&file.path).map_err(|error| Error::file("read", &file.path, &error))?;
    Ok(DatasetFile { path, ..file })
}
