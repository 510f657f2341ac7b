//! The progress of creating the environment, and its cancellation.

use platform::Work;
use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};

/// The progress of creating the environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EnvironmentProgress {
    /// The current step, as a sentence without its full stop.
    pub doing: String,
    /// Bytes of the downloads that are finished.
    pub done: u64,
    /// Bytes of all downloads that have begun. More may follow.
    pub total: Option<u64>,
}

impl EnvironmentProgress {
    /// A step without a count of bytes.
    pub fn step(doing: impl Into<String>) -> Self {
        Self { doing: doing.into(), done: 0, total: None }
    }
}

/// The steps of creating an environment, here and on other machines.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum CreationStep {
    /// Python and uv are looked for.
    Looking,
    /// uv is downloaded.
    FetchingUv,
    /// The virtual environment is created.
    Creating {
        /// The version of Python that it is created with; none where Python is downloaded for it.
        python: Option<String>,
    },
    /// The packages are resolved, downloaded and installed.
    Resolving,
    /// It is looked whether it has what it is for.
    Checking,
    /// Temporary files are removed.
    Cleaning,
}

impl CreationStep {
    /// The step as a sentence without its full stop.
    pub fn doing(&self) -> String {
        match self {
            Self::Looking => "Looking for Python and uv".to_owned(),
            Self::FetchingUv => "Downloading uv, which installs the packages".to_owned(),
            Self::Creating { python: Some(version) } => {
                format!("Creating the environment with Python {version}")
            }
            Self::Creating { python: None } => "Downloading Python".to_owned(),
            Self::Resolving => "Resolving the packages".to_owned(),
            Self::Checking => "Checking the environment".to_owned(),
            Self::Cleaning => "Removing temporary files".to_owned(),
        }
    }
}

/// Reports the step that begins; an error if the creation was cancelled.
pub(crate) fn begin_step(work: &Work<EnvironmentProgress>, step: &CreationStep) -> Result<()> {
    work.tick(EnvironmentProgress::step(step.doing())).map_err(|_| stopped())
}

/// The error of a cancelled creation.
pub(crate) fn stopped() -> Error {
    let message = "Cancelled. The finished part is kept; creating the environment again continues there.";
    Error::new(ErrorCode::Cancelled, message)
}
