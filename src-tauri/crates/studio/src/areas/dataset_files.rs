//! The files of datasets: changes since they were read, and new locations.

use std::path::Path;

use datasets::{DatasetFile, FileCondition, FileState, Profile, Reading};
use platform::Work;
use resources::{Dataset, DatasetType, Described as _};
use schema::{Result, Row, TableName, column};
use serde::Serialize;
use serde_json::Value;
use store::Listed;

use crate::areas::{DatasetSource, Datasets, datasets::absolute};

/// A dataset with a new location.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Relocated {
    /// The dataset.
    pub dataset: Listed,
    /// Whether the content is the same; `None` if the file was not read before.
    pub same_content: Option<bool>,
    /// Whether the names of the columns changed.
    pub columns_changed: bool,
}

impl Datasets<'_> {
    /// The state of a dataset's file, by its size and time of modification. [`Studio::watch`] then reports
    /// its next change.
    pub async fn file(&self, id: &str) -> Result<FileState> {
        let (file, then) = self.last_reading(id).await?;
        let state = FileState::at_a_glance(file, then.as_ref());
        self.0.shown_files.add(id, &state);
        Ok(state)
    }

    /// Compares the content of a dataset's file with that of the last reading. A reading is stored if there
    /// was none, or if only the time of modification changed.
    pub async fn verify_file(&self, id: &str, work: &Work) -> Result<FileState> {
        let (file, then) = self.last_reading(id).await?;
        let mut state = FileState::at_a_glance(&file, then.as_ref());
        if state.condition == FileCondition::Missing {
            return Ok(state);
        }
        let now = self.scanner(work).read_again(file).await?;
        state.now = Some(now.facts());
        state.compared = true;
        let same = then.is_none_or(|then| then.hash == now.hash);
        if same {
            self.0.store.keep_reading(id, &now).await?;
        }
        state.condition = match state.condition {
            _ if !same => FileCondition::Changed,
            FileCondition::NeverRead => FileCondition::There,
            seen => seen,
        };
        Ok(state)
    }

    /// Sets the location of a dataset, which may be the same, and reads the columns of the file. Without
    /// options the file is read with those of before.
    pub async fn relocate(&self, id: &str, file: impl Into<DatasetFile>, work: &Work) -> Result<Relocated> {
        let before = self.0.store.get(TableName::Datasets, id).await?;
        Dataset::file_of(&before.row, &before.label)?;
        let then = self.0.store.last_reading(id).await?;
        let DatasetFile { path, options: chosen } = absolute(file.into())?;
        let options = if chosen.is_empty() { self.0.store.read_options(id).await? } else { chosen };
        let kind: DatasetType = datasets::detect(DatasetFile::new(&path, options.clone()))?;
        let mut fields = Row::new();
        fields.insert("type".to_owned(), kind.into_str().into());
        fields.insert(column!(Dataset, location).to_owned(), path.display().to_string().into());
        // A file without a reading is read first.
        fields.insert("features".to_owned(), Value::Null);
        let scanner = self.scanner(work).with_options(options);
        let dataset = self.0.store.update(TableName::Datasets.table(), id, fields, &scanner).await?;
        let now = self.0.store.last_reading(id).await?;
        Ok(Relocated {
            same_content: then.zip(now).map(|(then, now)| then.hash == now.hash),
            columns_changed: dataset.row.get("features") != before.row.get("features"),
            dataset,
        })
    }

    /// The profile of each column of a dataset's file.
    pub async fn profile(&self, source: &DatasetSource, work: &Work) -> Result<Profile> {
        self.scanner(work).profile(self.file_of(source).await?).await
    }

    async fn last_reading(&self, id: &str) -> Result<(DatasetFile, Option<Reading>)> {
        let file = self.file_of(&DatasetSource::Id(id.to_owned())).await?;
        // A reading of another path or part is not one of this file.
        let is_of_file = |reading: &Reading| {
            Path::new(&reading.path) == file.path && reading.options.part == file.options.part
        };
        let reading = self.0.store.last_reading(id).await?.filter(is_of_file);
        Ok((file, reading))
    }
}
