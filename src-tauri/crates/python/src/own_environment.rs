//! What an environment of the program takes on disk, and whether it can be used.

use platform::{
    blocking,
    disk::{self, folder_size},
};
use schema::Result;
use serde::Serialize;

use crate::{EnvironmentKind, EnvironmentState, Python, managed::Managed};

/// An environment of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct OwnEnvironment {
    /// What it is for.
    pub kind: EnvironmentKind,
    /// Its folder, whether or not it exists.
    pub folder: String,
    /// Its state.
    pub state: EnvironmentState,
    /// Its bytes on disk; `None` if it does not exist.
    pub bytes: Option<u64>,
    /// The free bytes on its disk, if the system reports them.
    pub free_bytes: Option<u64>,
    /// The bytes of a complete one, as measured on Linux.
    pub size: u64,
    /// Why it can't be created on this system.
    pub unavailable: Option<String>,
}

impl Python {
    /// Examines an environment of the program.
    pub(crate) async fn own_environment(&self, kind: EnvironmentKind) -> Result<OwnEnvironment> {
        let folder = self.places.managed(kind)?;
        blocking("measuring the environment", move || {
            let state = Managed(&folder).state(kind.requirements());
            let ours = !matches!(state, EnvironmentState::Absent | EnvironmentState::Foreign);
            Ok(OwnEnvironment {
                kind,
                state,
                bytes: ours.then(|| folder_size(&folder)),
                free_bytes: disk::free(&folder),
                size: kind.size(),
                unavailable: kind.unavailable().map(str::to_owned),
                folder: folder.display().to_string(),
            })
        })
        .await
    }
}
