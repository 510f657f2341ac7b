//! What has become of a dataset's file since it was last read.

use serde::Serialize;

use super::{
    dataset_file::DatasetFile,
    read_options::ReadOptions,
    reading::{FileFacts, Reading},
    stamp::Stamp,
};

/// What has become of a dataset's file since it was last read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum FileCondition {
    /// It is as it was.
    There,
    /// It was written since. Its size is the same; whether its content is shows when it is compared.
    Touched,
    /// Its content is another.
    Changed,
    /// It is not there.
    Missing,
    /// It was not read here: the dataset comes from elsewhere.
    NeverRead,
}

/// A dataset's file, then and now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct FileState {
    /// Where it is.
    pub path: String,
    /// How it differs from the last reading.
    pub condition: FileCondition,
    /// Whether its content was compared, not only its size and time.
    pub compared: bool,
    /// The choices about reading it: those of the last reading, or those for the next one if it was never read.
    pub options: ReadOptions,
    /// What it was when it was last read.
    pub then: Option<FileFacts>,
    /// What it is now, if it is there.
    pub now: Option<FileFacts>,
}

impl FileState {
    /// By size and time only.
    pub fn at_a_glance(file: impl Into<DatasetFile>, then: Option<&Reading>) -> Self {
        let file = file.into();
        let now = Stamp::from_file(&file).ok();
        let condition = match (then, now) {
            (_, None) => FileCondition::Missing,
            (None, Some(_)) => FileCondition::NeverRead,
            (Some(then), Some(now)) if then.stamp == now => FileCondition::There,
            (Some(then), Some(now)) if then.stamp.bytes == now.bytes => FileCondition::Touched,
            _ => FileCondition::Changed,
        };
        Self {
            path: file.path.display().to_string(),
            condition,
            compared: false,
            options: then.map_or(file.options, |then| then.options.clone()),
            then: then.map(Reading::facts),
            now: now.map(Stamp::facts),
        }
    }
}
