//! Where weights are, and whether they are complete.

use std::{io::ErrorKind, path::Path};

use serde::Serialize;

/// The state of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum PlaceState {
    /// The folder exists and is complete.
    There,
    /// The folder exists; files are missing or damaged.
    Incomplete,
    /// The folder does not exist.
    Missing,
    /// The folder can't be read.
    Unreachable,
    /// The weights are on the Hub and not in the local cache.
    Hub,
    /// The weights are in a registry, to which the program has no access.
    Registry,
}

/// Where weights are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Place {
    /// The state.
    pub state: PlaceState,
    /// The folder on this machine, if there is one.
    pub folder: Option<String>,
    /// The folder is part of the Hub's local cache.
    pub cached: bool,
    /// The state in one sentence.
    pub message: String,
}

impl Place {
    /// A place without a folder. `message` is a sentence about its state.
    pub fn new(state: PlaceState, message: impl Into<String>) -> Self {
        Self { state, folder: None, cached: false, message: message.into() }
    }

    /// A folder in its present state.
    pub fn folder(path: &Path) -> Self {
        let shown = path.display();
        let found = match std::fs::read_dir(path) {
            Ok(_) => Self::new(PlaceState::There, "The folder exists."),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Self::new(PlaceState::Missing, format!("The folder {shown} does not exist."))
            }
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                Self::new(PlaceState::Missing, format!("{shown} is a file; a folder is needed."))
            }
            Err(error) => {
                Self::new(PlaceState::Unreachable, format!("The folder {shown} can't be read: {error}."))
            }
        };
        Self { folder: Some(shown.to_string()), ..found }
    }

    /// Incomplete, if there are missing files or problems; else unchanged.
    pub fn lacking(self, missing: &[String], problems: &[String]) -> Self {
        let message = match (missing, problems) {
            ([], []) => return self,
            ([], [problem, ..]) => problem.clone(),
            ([name], _) => format!("The file {name} is missing."),
            (names, _) => format!("{} files are missing: {}.", names.len(), names.join(", ")),
        };
        Self { state: PlaceState::Incomplete, message, ..self }
    }
}
