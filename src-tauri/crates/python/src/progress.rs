//! The progress of creating the environment, and its cancellation.

use platform::Work;
use schema::{Error, ErrorCode, Result};
use serde::Serialize;

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
    pub(crate) fn step(doing: impl Into<String>) -> Self {
        Self { doing: doing.into(), done: 0, total: None }
    }
}

/// Reports the step that begins; an error if the creation was cancelled.
pub(crate) fn begin_step(work: &Work<EnvironmentProgress>, doing: impl Into<String>) -> Result<()> {
    work.tick(EnvironmentProgress::step(doing)).map_err(|_| stopped())
}

/// The error of a cancelled creation.
pub(crate) fn stopped() -> Error {
    let message = "Cancelled. The finished part is kept; creating the environment again continues there.";
    Error::new(ErrorCode::Cancelled, message)
}
