//! The configurations and splits of a repository, and their files.

use schema::{Error, ErrorCode, Result};
use serde::Serialize;

use super::{Repository, Split, Splits, card, names, ordered};
use crate::{problem::Problem, read_options::DatasetPart};

/// A configuration of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct DatasetConfig {
    /// Its name.
    pub name: String,
    /// Whether it is read where none is chosen.
    pub is_default: bool,
    /// Its splits, that to train on first.
    pub splits: Vec<Split>,
}

impl Repository<'_> {
    /// What can be chosen, the default configuration first. One whose files are not there has no splits.
    pub fn configs(&self) -> Vec<DatasetConfig> {
        let (mut names, default) = card::Card::new(self, &mut Vec::new()).names();
        if names.is_empty() {
            names.push(card::DEFAULT.to_owned());
        }
        let config = |(place, name): (usize, String)| {
            let part = DatasetPart { config: Some(name.clone()), split: None };
            let splits = self.splits(&part, &mut Vec::new()).unwrap_or_default();
            DatasetConfig { name, is_default: place == default, splits: ordered(splits) }
        };
        let mut configs: Vec<DatasetConfig> = names.into_iter().enumerate().map(config).collect();
        configs.sort_by_key(|config| !config.is_default);
        configs
    }

    /// The files that are read of a part of it, by their paths within it.
    ///
    /// # Errors
    /// There is no such configuration or split, or the card names files that are not there.
    pub fn files_of(&self, part: &DatasetPart) -> Result<Vec<String>> {
        Ok(self.splits(part, &mut Vec::new())?.into_values().flatten().collect())
    }

    /// The files of each split of a part; all are empty where it has no dataset files.
    pub(super) fn splits(&self, part: &DatasetPart, notes: &mut Vec<Problem>) -> Result<Splits> {
        let mut splits = match card::splits(self, part, notes)? {
            Some(splits) => splits,
            None => names::splits(self.files),
        };
        let Some(wanted) = part.split.as_ref().filter(|_| !splits.is_empty()) else { return Ok(splits) };
        match splits.remove_entry(wanted) {
            Some(chosen) => Ok(Splits::from([chosen])),
            None => {
                let names: Vec<String> = ordered(splits).into_iter().map(|split| split.name).collect();
                let message = format!("{} has no split '{wanted}'.", self.place);
                Err(Error::new(ErrorCode::NotFound, message).hint(format!("It has {}.", names.join(", "))))
            }
        }
    }
}
