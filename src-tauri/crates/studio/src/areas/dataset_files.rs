//! Whether a dataset's file is still what it was, and where to find it now.

use std::path::PathBuf;

use datasets::{DatasetFile, FileCondition, FileState, Profile, Reading};
use platform::Work;
use resources::{Dataset, DatasetType, Described as _};
use schema::{Result, Row, TableName};
use serde::Serialize;
use serde_json::Value;
use store::Listed;

use crate::areas::{DatasetSource, Datasets, datasets::absolute};

/// A dataset whose file was pointed to anew.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Relocated {
    /// The dataset.
    pub dataset: Listed,
    /// Whether the content is what it was; `None` if the file was never read before.
    pub same_content: Option<bool>,
    /// Whether the names of the columns are others now.
    pub columns_changed: bool,
}

impl Datasets<'_> {
    /// What has become of a dataset's file, by its size and time only. [`Studio::watch`] then reports
    /// its next change.
    pub async fn file(&self, id: &str) -> Result<FileState> {
        let (path, then) = self.last_reading(id).await?;
        let state = FileState::at_a_glance(&path, then.as_ref());
        self.0.shown_files.add(id, &state);
        Ok(state)
    }

    /// Compares the content of a dataset's file with what it was. One that was never read, or that
    /// was only touched, is known from now on.
    pub async fn verify_file(&self, id: &str, work: &Work) -> Result<FileState> {
        let (path, then) = self.last_reading(id).await?;
        let mut state = FileState::at_a_glance(&path, then.as_ref());
        if state.condition == FileCondition::Missing {
            return Ok(state);
        }
        let file = DatasetFile::new(path, self.0.store.read_options(id).await?);
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

    /// Takes another file, or the same one as it is now, for a dataset's, and reads its columns anew, in another way than before if one is chosen.
    pub async fn relocate(&self, id: &str, file: impl Into<DatasetFile>, work: &Work) -> Result<Relocated> {
        let before = self.0.store.get(TableName::Datasets, id).await?;
        Dataset::file_of(&before.row, &before.label)?;
        let then = self.0.store.last_reading(id).await?;
        let DatasetFile { path, options: chosen } = absolute(file.into())?;
        let options = if chosen.is_empty() { self.0.store.read_options(id).await? } else { chosen };
        let kind: DatasetType = datasets::detect(DatasetFile::new(&path, options.clone()))?;
        let mut fields = Row::new();
        fields.insert("type".to_owned(), kind.into_str().into());
        fields.insert("location".to_owned(), path.display().to_string().into());
        // What is not known is read.
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

    /// What stands in each column of a dataset's file.
    pub async fn profile(&self, source: &DatasetSource, work: &Work) -> Result<Profile> {
        self.scanner(work).profile(self.file_of(source).await?).await
    }

    async fn last_reading(&self, id: &str) -> Result<(PathBuf, Option<Reading>)> {
        let dataset = self.0.store.get(TableName::Datasets, id).await?;
        let path = Dataset::file_of(&dataset.row, &dataset.label)?;
        // What was found in a file at another place says nothing of this one.
        let reading = self.0.store.last_reading(id).await?.filter(|reading| reading.path == path);
        Ok((PathBuf::from(path), reading))
    }
}
